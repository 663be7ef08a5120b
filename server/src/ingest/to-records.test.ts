import { type AcceptedEvent, maxRecordBytes, parseLogRecord } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { type RecordHead, toRecords } from './to-records.ts';

const head: RecordHead = {
  tenant_id: 't',
  project_id: 'p',
  ip_policy: 'drop',
  retention_days: 30,
  key_prefix: 'px_pub_test_AbCd',
  request_id: 'r',
  schema_version: '1.0.0',
  received_at: 1,
  sent_at: null,
  ip: '',
  user_agent: '',
  client_hints: {},
};
const toEvent = (index: number, person: Partial<AcceptedEvent>, properties = {}): AcceptedEvent => ({
  event: `e${index}`,
  event_id: `019a0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  ...person,
  properties,
});
const decode = (records: ReturnType<typeof toRecords>) => records.map(({ payload }) => parseLogRecord(payload));

describe('toRecords', () => {
  it('makes one record a person, with events in the order sent', () => {
    const records = toRecords(head, [
      toEvent(1, { anonymous_id: 'a' }),
      toEvent(2, { user_id: 'u' }),
      toEvent(3, { anonymous_id: 'a', user_id: 'u' }),
    ]);
    expect(records.map(({ key }) => key)).toEqual(['p:a', 'p:u']);
    expect(decode(records)).toMatchObject([
      { ...head, v: 1, person_key: 'a', events: [{ event: 'e1' }, { event: 'e3' }] },
      { person_key: 'u', events: [{ event: 'e2' }] },
    ]);
  });

  it('splits what is over 512 KiB at events, keeping their order and losing none', () => {
    const events = Array.from({ length: 100 }, (_, n) =>
      toEvent(n, { anonymous_id: 'a' }, { text: ['é'.repeat((n * 577) % 15_000)] }),
    );
    const records = toRecords(head, events);
    expect(records.length).toBeGreaterThan(2);
    for (const { payload, key } of records) {
      expect(payload.length).toBeLessThanOrEqual(maxRecordBytes);
      expect(key).toBe('p:a');
    }
    expect(decode(records).flatMap((record) => record?.events ?? [])).toEqual(events);
  });

  it('keeps a record of exactly 512 KiB whole', () => {
    const toPair = (length: number) => [
      toEvent(1, { anonymous_id: 'a' }),
      toEvent(2, { anonymous_id: 'a' }, { t: 'x'.repeat(length) }),
    ];
    const bare = toRecords(head, toPair(0))[0]?.payload.length ?? 0;
    expect(toRecords(head, toPair(maxRecordBytes - bare))).toHaveLength(1);
    expect(toRecords(head, toPair(maxRecordBytes - bare + 1))).toHaveLength(2);
  });
});
