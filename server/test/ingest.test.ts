import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const eventId = '019a0000-0000-7000-8000-000000000001';
const event = { event: 'signup', event_id: eventId, anonymous_id: 'a1', properties: { plan: 'pro' } };

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return fetch(server.url + path, { method: 'POST', body: text, headers });
}
const withKey = (more: Record<string, string> = {}) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${server.keys.pub}`,
  ...more,
});

describe('POST /api/v1/events', () => {
  it('answers 202 with the id and the time, and the log holds the event', async () => {
    const headers = {
      'x-request-id': 'req-1',
      'user-agent': 'Test/1',
      'sec-ch-ua-mobile': '?0',
      'x-event-schema-version': '1.2.0',
      'x-forwarded-for': '203.0.113.7',
    };
    const response = await post('/api/v1/events', { ...event, sent_at: '2026-01-15T12:00:01Z' }, withKey(headers));
    expect(response.status).toBe(202);
    expect(response.headers.get('x-request-id')).toBe('req-1');
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(await response.json()).toEqual({ event_id: eventId, received_at: '2026-01-15T12:00:00.000Z' });
    expect(await server.takeRecords()).toEqual([
      {
        v: 1,
        tenant_id: expect.any(String),
        project_id: server.projectId,
        ip_policy: 'drop',
        retention_days: 30,
        key_prefix: server.keys.pub.slice(0, 16),
        request_id: 'req-1',
        schema_version: '1.2.0',
        received_at: server.now,
        sent_at: server.now + 1_000,
        ip: '203.0.113.7',
        user_agent: 'Test/1',
        client_hints: { 'sec-ch-ua-mobile': '?0' },
        person_key: 'a1',
        events: [event],
      },
    ]);
  });

  it('carries a trace on the record and into the log line, and none where it is no trace', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await post('/api/v1/events', event, withKey({ traceparent, 'x-request-id': 'traced' }));
    expect(await server.takeRecords()).toMatchObject([{ traceparent }]);
    await expect
      .poll(() => server.logLines.find((line) => line['request_id'] === 'traced'))
      .toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
    await post('/api/v1/events', event, withKey({ traceparent: 'ff-1-2-3' }));
    expect((await server.takeRecords())[0]).not.toHaveProperty('traceparent');
  });

  it('makes an id where the client sent none', async () => {
    const { event_id: _, ...idless } = event;
    const response = await post('/api/v1/events', idless, withKey());
    const answer = JSON.parse(await response.text());
    expect(answer.event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(await server.takeRecords()).toMatchObject([{ events: [{ event_id: answer.event_id }] }]);
  });

  it.each<[string, () => [string, unknown, Record<string, string>]]>([
    ['X-API-Key', () => ['', event, { 'x-api-key': server.keys.pub }]],
    ['Basic', () => ['', event, { authorization: `Basic ${btoa(`${server.keys.pub}:`)}` }]],
    ['the query', () => [`?api_key=${server.keys.pub}`, event, {}]],
    ['the body', () => ['', { ...event, api_key: server.keys.pub }, {}]],
  ])('takes the key from %s', async (_name, toParts) => {
    const [query, body, headers] = toParts();
    const response = await post(`/api/v1/events${query}`, body, { 'content-type': 'text/plain', ...headers });
    expect(response.status).toBe(202);
    const [record] = await server.takeRecords();
    expect(record?.events).toEqual([event]);
  });

  it.each<[string, () => Uint8Array | string, Record<string, string>]>([
    ['gzip by its header', () => gzipSync(JSON.stringify(event)), { 'content-encoding': 'gzip' }],
    ['gzip by its magic bytes', () => gzipSync(JSON.stringify(event)), { 'content-type': 'text/plain' }],
    ['text/plain', () => JSON.stringify(event), { 'content-type': 'text/plain;charset=UTF-8' }],
    ['a byte order mark', () => `\uFEFF${JSON.stringify(event)}`, {}],
    ['the encoding identity', () => JSON.stringify(event), { 'content-encoding': 'identity' }],
  ])('reads %s', async (_name, toBody, headers) => {
    const response = await post('/api/v1/events', toBody(), withKey(headers));
    expect(response.status).toBe(202);
    expect(await server.takeRecords()).toMatchObject([{ events: [event] }]);
  });
});

describe('POST /api/v1/events/batch', () => {
  it('takes the good events and says of each bad one why', async () => {
    const batch = {
      anonymous_id: 'a1',
      session_id: '019a0000-0000-7000-8000-0000000000aa',
      context: { locale: 'de' },
      sent_at: '2026-01-15T12:00:00Z',
      events: [event, { event: '' }, { event: 'x', user_id: 'u1' }, { event: 'y', anonymous_id: 'a2' }, 7],
    };
    const response = await post('/api/v1/events/batch', batch, withKey());
    expect(response.status).toBe(202);
    const answer = JSON.parse(await response.text());
    expect(answer).toMatchObject({ accepted: 3, rejected: 2 });
    expect(answer.events.map((one: { status: string }) => one.status)).toEqual([
      'accepted',
      'rejected',
      'accepted',
      'accepted',
      'rejected',
    ]);
    expect(answer.events[1]).toMatchObject({
      index: 1,
      event_id: null,
      error: { code: 'invalid_event', path: 'event' },
    });
    const records = (await server.takeRecords()).sort((a, b) => a.person_key.localeCompare(b.person_key));
    expect(records).toMatchObject([
      {
        person_key: 'a1',
        context: { locale: 'de' },
        session_id: batch.session_id,
        events: [{ event: 'signup' }, { event: 'x', anonymous_id: 'a1', user_id: 'u1' }],
      },
      { person_key: 'a2', events: [{ event: 'y' }] },
    ]);
  });

  it('answers 400 with the same body where it takes none, and stores nothing', async () => {
    const response = await post('/api/v1/events/batch', { events: [{ event: 'x' }, 1] }, withKey());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      accepted: 0,
      rejected: 2,
      events: [{ error: { code: 'missing_person' } }, { error: { code: 'invalid_event' } }],
    });
    expect(await server.takeRecords()).toEqual([]);
  });

  it('answers only once the log has the events', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hasBegun = false;
    const slow = await startTestServer({
      wrapLog: (log) => ({
        ...log,
        async append(records) {
          hasBegun = true;
          await held;
          return log.append(records);
        },
      }),
    });
    let isAnswered = false;
    const answer = fetch(`${slow.url}/api/v1/events`, {
      method: 'POST',
      body: JSON.stringify({ ...event, api_key: slow.keys.pub }),
    }).then((response) => {
      isAnswered = true;
      return response.status;
    });
    await expect.poll(() => hasBegun).toBe(true);
    await fetch(`${slow.url}/health/live`);
    expect(isAnswered).toBe(false);
    release();
    expect(await answer).toBe(202);
    await slow.close();
  });
});

describe('a page of another origin', () => {
  it('may send after one preflight a day', async () => {
    const preflight = await fetch(`${server.url}/api/v1/events/batch`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://acme.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-max-age': '86400',
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('x-event-schema-version'),
    });
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read the answer, problems too', async () => {
    for (const body of [event, 'no json']) {
      const response = await post('/api/v1/events', body, withKey({ origin: 'https://acme.com' }));
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After, X-Request-ID');
    }
    await server.takeRecords();
  });
});

describe('GET /api/v1/events/queue/status', () => {
  it('tells how much waits', async () => {
    await post('/api/v1/events', event, withKey());
    const response = await fetch(`${server.url}/api/v1/events/queue/status`, { headers: withKey() });
    const status: { lag_by_partition: Record<string, number> } = JSON.parse(await response.text());
    expect(status).toMatchObject({ backend: 'memory', depth: 1, oldest_age_ms: 0, spooled: 0 });
    expect(Object.keys(status.lag_by_partition)).toEqual(['0', '1']);
    expect(Object.values(status.lag_by_partition).toSorted()).toEqual([0, 1]);
    await server.takeRecords();
    expect((await fetch(`${server.url}/api/v1/events/queue/status`)).status).toBe(401);
  });
});
