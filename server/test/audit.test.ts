import { gzipSync } from 'node:zlib';
import { AppError } from '@px-platform/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminToken, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let key: string;
const broken = { append: false };
beforeAll(async () => {
  server = await startTestServer({
    wrapAuditLog: (log) => ({
      ...log,
      append(records) {
        if (broken.append) throw new AppError('log_full', 'The disk is full.');
        return log.append(records);
      },
    }),
  });
  key = (await server.makeKey({ kind: 'srv', scopes: ['audit:write'] })).secret;
});
afterAll(() => server.close());
beforeEach(() => server.takeAuditRecords());

const id = '019a0000-0000-7000-8000-000000000001';
const event = {
  event_id: id,
  actor: { id: 'u1', type: 'user', email: 'ann@example.com' },
  action: { name: 'Member.Removed' },
  resource: { type: 'team', id: 't1' },
  result: 'success',
  timestamp: '2026-01-15T11:59:00Z',
  metadata: { reason: 'left', nothing: null },
};
const stored = { ...event, action: { name: 'member.removed' } };

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const withKey = { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers };
  const response = await fetch(server.url + path, { method: 'POST', body: text, headers: withKey });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const events = async () => (await server.takeAuditRecords()).flatMap((record) => record.events);

describe('POST /v1/events', () => {
  it('answers 202 with the id and the time, and the log of its own topic holds the event', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const headers = { 'x-request-id': 'req-1', 'x-event-schema-version': '1.1.0', traceparent };
    const answer = await post('/v1/events', { ...event, sent_at: '2026-01-15T12:00:01Z' }, headers);
    expect(answer).toMatchObject({ status: 202, body: { event_id: id, received_at: '2026-01-15T12:00:00.000Z' } });
    expect(await server.takeAuditRecords()).toEqual([
      {
        v: 1,
        tenant_id: expect.any(String),
        project_id: server.projectId,
        key_prefix: key.slice(0, 16),
        request_id: 'req-1',
        traceparent,
        schema_version: '1.1.0',
        received_at: server.now,
        sent_at: server.now + 1_000,
        events: [stored],
      },
    ]);
    expect(await server.takeRecords()).toEqual([]);
  });

  it('makes an id, takes gzip, a key in the body, and null for what is not sent', async () => {
    const { event_id: _, timestamp: __, ...rest } = event;
    const body = { ...rest, api_key: key, result: null, actor: { id: ' u1 ', type: 'user', email: null } };
    const answer = await post('/v1/events', gzipSync(JSON.stringify(body)), { authorization: '' });
    expect(answer.status).toBe(202);
    expect(await events()).toEqual([
      {
        event_id: answer.body.event_id,
        actor: { id: 'u1', type: 'user' },
        action: stored.action,
        resource: event.resource,
        metadata: event.metadata,
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['no actor', { ...event, actor: undefined }, 'actor'],
    ['an actor without a type', { ...event, actor: { id: 'u1' } }, 'actor.type'],
    ['an actor that is a text', { ...event, actor: 'u1' }, 'actor'],
    ['an empty id', { ...event, actor: { id: '  ', type: 'user' } }, 'actor.id'],
    ['no action', { ...event, action: null }, 'action'],
    ['an action of 201 characters', { ...event, action: { name: 'a'.repeat(201) } }, 'action.name'],
    ['no resource', { ...event, resource: {} }, 'resource.type'],
    ['a resource id that is a number', { ...event, resource: { type: 'team', id: 7 } }, 'resource.id'],
    ['a result that is a flag', { ...event, result: true }, 'result'],
    ['metadata that is a list', { ...event, metadata: [1] }, 'metadata'],
    ['a time without an offset', { ...event, timestamp: '2026-01-15T12:00:00' }, 'timestamp'],
    ['an id that is no UUID', { ...event, event_id: '1' }, 'event_id'],
    ['a field that is not known', { ...event, actors: [] }, ''],
    ['a field of the actor that is not known', { ...event, actor: { ...event.actor, name: 'Ann' } }, 'actor'],
    [
      'metadata nested too deep',
      { ...event, metadata: JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`) },
      'metadata.a.a.a.a.a.a.a.a',
    ],
    ['more than 64 KiB', { ...event, metadata: { a: Array(20).fill('x'.repeat(8_000)) } }, ''],
    ['a list', [event], ''],
  ])('refuses %s, with its path, and stores nothing', async (_name, body, path) => {
    const answer = await post('/v1/events', body);
    expect([400, 413]).toContain(answer.status);
    expect(answer.body.error.request_id).toBe(answer.headers.get('x-request-id'));
    if (!Array.isArray(body)) expect(answer.body.error.details.path).toBe(path);
    expect(await server.takeAuditRecords()).toEqual([]);
  });
});

describe('POST /v1/events/batch', () => {
  it('says of each event what became of it, and keeps those that are good', async () => {
    const answer = await post('/v1/events/batch', {
      events: [event, { ...event, actor: null }, { ...event, event_id: '1' }],
    });
    expect(answer).toMatchObject({
      status: 202,
      body: {
        accepted: 1,
        rejected: 2,
        events: [
          { index: 0, event_id: id, status: 'accepted' },
          { index: 1, event_id: id, status: 'rejected', error: { code: 'invalid_event', path: 'actor' } },
          { index: 2, event_id: null, status: 'rejected', error: { code: 'invalid_event_id', path: 'event_id' } },
        ],
      },
    });
    expect(await events()).toEqual([stored]);
  });

  it('answers 400 where none is good, 413 over the limit of a server key', async () => {
    expect(await post('/v1/events/batch', { events: [{}] })).toMatchObject({ status: 400, body: { accepted: 0 } });
    expect(await post('/v1/events/batch', { events: [] })).toMatchObject({ status: 400 });
    const many = await post('/v1/events/batch', { events: Array(1_001).fill({}) });
    expect(many).toMatchObject({ status: 413, body: { error: { code: 'too_many_events' } } });
    expect(await server.takeAuditRecords()).toEqual([]);
  });

  it('splits what is over a record, and keeps the order', async () => {
    const large = Array.from({ length: 20 }, (_, at) => ({
      ...event,
      event_id: id.slice(0, -2) + String(10 + at),
      metadata: { a: Array(7).fill('x'.repeat(8_000)) },
    }));
    expect((await post('/v1/events/batch', gzipSync(JSON.stringify({ events: large })))).status).toBe(202);
    const records = await server.takeAuditRecords();
    expect(records.length).toBeGreaterThan(1);
    for (const record of records) expect(JSON.stringify(record).length).toBeLessThanOrEqual(512 * 1024);
    expect(records.flatMap((record) => record.events.map((one) => one.event_id))).toEqual(
      large.map((one) => one.event_id),
    );
  });
});

describe('audit events', () => {
  it('need a key of their scope, and none that a page can hold', async () => {
    for (const other of [server.keys.srv, server.keys.pub]) {
      const answer = await post('/v1/events', event, { authorization: `Bearer ${other}` });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'missing_scope' } } });
    }
    expect(await post('/v1/events', event, { authorization: '' })).toMatchObject({ status: 401 });
    const own = await post('/api/v1/events', { event: 'x', user_id: 'u1' });
    expect(own).toMatchObject({ status: 403, body: { error: { code: 'missing_scope' } } });
    expect(await server.takeAuditRecords()).toEqual([]);
  });

  it('are not durable where their log is full: 503, and the other topic goes on', async () => {
    broken.append = true;
    try {
      const answer = await post('/v1/events', event);
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'not_durable' } } });
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      const other = await post(
        '/api/v1/events',
        { event: 'x', user_id: 'u' },
        { authorization: `Bearer ${server.keys.srv}` },
      );
      expect(other.status).toBe(202);
    } finally {
      broken.append = false;
    }
  });

  it('are counted by outcome, and their topic by its depth', async () => {
    await post('/v1/events', event);
    const metrics = await (
      await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } })
    ).text();
    expect(metrics).toMatch(/px_audit_events_total\{outcome="accepted"\} [1-9]/);
    expect(metrics).toMatch(/px_audit_events_total\{outcome="rejected"\} [1-9]/);
    expect(metrics).toContain('px_queue_depth{topic="audit.events.v1"} 1\n');
  });

  it('are given out as NDJSON to a key that may read', async () => {
    const row = {
      tenant_id: 't',
      project_id: server.projectId,
      day: '2026-01-15',
      event_id: id,
      timestamp: server.now,
      received_at: server.now,
      actor_id: 'u1',
      actor_type: 'user',
      actor_email: '',
      action: 'member.removed',
      resource_type: 'team',
      resource_id: 't1',
      result: '',
      metadata: '{"a":null}',
      request_id: 'r',
      key_prefix: 'k',
      schema_version: '1.0.0',
      _log: 'l',
      _partition: 0,
      _offset: 0,
      _index: 0,
    };
    await server.auditStore.insert({ partition: 0, firstOffset: 0, lastOffset: 0, rows: [row] });
    const url = `${server.url}/api/v1/export/audit-events?from=2026-01-15T00:00:00Z&to=2026-01-16T00:00:00Z`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${server.keys.reading}` } });
    expect(response.status).toBe(200);
    const [line = '', ...more] = (await response.text()).split('\n');
    expect(JSON.parse(line)).toMatchObject({ event_id: id, metadata: { a: null } });
    expect(more).toEqual(['']);
    const other = await fetch(url, { headers: { authorization: `Bearer ${server.keys.other}` } });
    expect([other.status, await other.text()]).toEqual([200, '']);
    expect((await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(403);
  });
});
