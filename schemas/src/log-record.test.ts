import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLogRecord, type LogRecord, parseLogRecord, toRecordKey } from './log-record.ts';

const record: LogRecord = {
  v: 1,
  tenant_id: 'ten_a',
  project_id: 'prj_a',
  ip_policy: 'drop',
  retention_days: 365,
  key_prefix: 'px_pub_live_abcd',
  request_id: 'req',
  schema_version: '1.0.0',
  received_at: Date.UTC(2026, 4, 1),
  sent_at: null,
  ip: '',
  user_agent: '',
  client_hints: {},
  person_key: 'anna',
  events: [{ event: 'a', event_id: '019de368-f600-7abc-8def-0123456789ab' }],
};

describe('a record', () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 });
  const bag = fc.dictionary(text, fc.jsonValue(), { maxKeys: 5 });
  const records = fc.record<LogRecord>(
    {
      v: fc.constant(1),
      tenant_id: text,
      project_id: fc.string({ minLength: 1 }),
      ip_policy: fc.constantFrom('drop', 'truncate', 'keep'),
      retention_days: fc.nat(),
      settings: fc.record(
        { denied_properties: fc.array(text), cookieless_visitors: fc.boolean() },
        { requiredKeys: [] },
      ),
      gpc: fc.constant(true as const),
      key_prefix: text,
      request_id: text,
      schema_version: text,
      received_at: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      sent_at: fc.option(fc.nat({ max: Number.MAX_SAFE_INTEGER })),
      ip: text,
      user_agent: text,
      client_hints: fc.dictionary(text, text, { maxKeys: 3 }),
      person_key: fc.string({ minLength: 1 }),
      session_id: fc.uuid(),
      context: fc.record({ page: fc.record({ url: text, title: text }) }),
      events: fc.array(fc.record({ event: text, event_id: fc.uuid(), properties: bag, traits: bag }), { maxLength: 3 }),
    },
    {
      requiredKeys: [
        'v',
        'tenant_id',
        'project_id',
        'ip_policy',
        'retention_days',
        'key_prefix',
        'request_id',
        'schema_version',
        'received_at',
        'sent_at',
        'ip',
        'user_agent',
        'client_hints',
        'person_key',
        'events',
      ],
    },
  );

  it('comes back from its bytes as it was', () => {
    fc.assert(
      fc.property(records, (one) => {
        const plain: unknown = JSON.parse(JSON.stringify(one));
        expect(parseLogRecord(encodeLogRecord(one))).toEqual(plain);
      }),
    );
  });

  it('is read from a part of a larger buffer', () => {
    const bytes = encodeLogRecord(record);
    const larger = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]);
    expect(parseLogRecord(larger.subarray(6, 6 + bytes.length))).toEqual(record);
  });

  it('keeps fields of a later version', () => {
    const later = { ...record, colour: 'red', events: [{ ...record.events[0], mood: 'good' }] };
    expect(parseLogRecord(Buffer.from(JSON.stringify(later)))).toEqual(later);
  });

  it.each<[string, object]>([
    ['another version', { v: 2 }],
    ['no project', { project_id: '' }],
    ['no person', { person_key: '' }],
    ['an unknown policy', { ip_policy: 'sell' }],
    ['a time in words', { received_at: '2026' }],
    ['events that are no list', { events: {} }],
    ['an event without an id', { events: [{ event: 'a' }] }],
    ['an event whose id is no UUID', { events: [{ event: 'a', event_id: "'; DROP" }] }],
  ])('is none with %s', (_name, own) => {
    expect(parseLogRecord(Buffer.from(JSON.stringify({ ...record, ...own })))).toBeNull();
  });

  it('is none where the bytes are garbage or cut off, and that never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => parseLogRecord(bytes) === null));
    fc.assert(fc.property(fc.json(), (json) => parseLogRecord(Buffer.from(json)) === null));
    const bytes = encodeLogRecord(record);
    for (let length = 0; length < bytes.length; length += 1)
      expect(parseLogRecord(bytes.subarray(0, length))).toBeNull();
  });
});

it('keeps the persons of two projects apart', () => {
  expect(toRecordKey('prj_a', 'anna')).toBe('prj_a:anna');
});
