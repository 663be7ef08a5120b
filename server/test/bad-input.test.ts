import { gzipSync } from 'node:zlib';
import { eventLimits, keyLimits, problemStatus } from '@px-platform/schemas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
// Whatever was sent: the next good request is taken, and the log holds that one alone.
afterEach(async () => {
  const response = await post('/api/v1/events', { event: 'good', anonymous_id: 'a1' });
  expect(response.status).toBe(202);
  const records = await server.takeRecords();
  expect(records.flatMap(({ events }) => events.map(({ event }) => event))).toEqual(['good']);
});

type Body = string | Uint8Array;

function post(path: string, body: unknown, headers: Record<string, string> = {}, key = server.keys.pub) {
  const sent: Body = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return fetch(server.url + path, {
    method: 'POST',
    body: sent,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
  });
}

async function expectProblem(response: Response, code: keyof typeof problemStatus) {
  const body = JSON.parse(await response.text());
  expect(body).toEqual({
    error: {
      code,
      message: expect.any(String),
      request_id: response.headers.get('x-request-id'),
      ...('details' in body.error ? { details: expect.any(Object) } : {}),
    },
  });
  expect(response.status).toBe(problemStatus[code]);
  expect(JSON.stringify(body)).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
  return body.error;
}

/** An event whose JSON is exactly this long. */
function toEventOf(bytes: number): string {
  const shell = JSON.stringify({ event: 'big', anonymous_id: 'a1', properties: { list: [''] } });
  return shell.replace('[""]', `["${'x'.repeat(bytes - shell.length)}"]`);
}

/** A batch of small events whose JSON is exactly this long. */
function toBatchOf(bytes: number): string {
  const shell = JSON.stringify({ events: [{ event: 'big', anonymous_id: 'a1' }] });
  return ' '.repeat(bytes - shell.length) + shell;
}

const toEvents = (count: number) => Array.from({ length: count }, () => ({ event: 'big', anonymous_id: 'a1' }));
const takenEvents = async () => (await server.takeRecords()).reduce((sum, { events }) => sum + events.length, 0);

describe('a body that is no event', () => {
  it.each<[string, string, unknown, keyof typeof problemStatus]>([
    ['no JSON', '/api/v1/events', 'hello', 'invalid_json'],
    ['nothing', '/api/v1/events', '', 'invalid_json'],
    ['half a JSON', '/api/v1/events/batch', '{"events":[{"event":"x"', 'invalid_json'],
    ['a string', '/api/v1/events', '"event"', 'invalid_body'],
    ['null', '/api/v1/events', 'null', 'invalid_body'],
    ['a list for one event', '/api/v1/events', '[]', 'invalid_body'],
    ['a list for a batch', '/api/v1/events/batch', '[{"event":"x"}]', 'invalid_body'],
    ['a batch without events', '/api/v1/events/batch', '{}', 'invalid_body'],
    ['events that are no list', '/api/v1/events/batch', '{"events":{"0":1}}', 'invalid_body'],
    ['an empty batch', '/api/v1/events/batch', '{"events":[]}', 'empty_batch'],
    ['a wrong sent_at', '/api/v1/events/batch', '{"events":[{}],"sent_at":"now"}', 'invalid_body'],
    [
      'a wrong sent_at beside one event',
      '/api/v1/events',
      '{"event":"x","anonymous_id":"a","sent_at":1}',
      'invalid_body',
    ],
    ['a context that is no object', '/api/v1/events/batch', '{"events":[{}],"context":"x"}', 'invalid_body'],
    ['nothing known', '/api/v1/events', '{"foo":1}', 'invalid_body'],
    ['an event that is a number', '/api/v1/events', '{"event":7,"anonymous_id":"a"}', 'invalid_body'],
    [
      'properties that are a list',
      '/api/v1/events',
      '{"event":"x","anonymous_id":"a","properties":[]}',
      'invalid_body',
    ],
    ['a person that is a number', '/api/v1/events', '{"event":"x","user_id":7}', 'invalid_body'],
    ['an event without a person', '/api/v1/events', '{"event":"x"}', 'invalid_body'],
    ['an empty person', '/api/v1/events', '{"event":"x","anonymous_id":"  "}', 'invalid_body'],
  ])('is refused: %s', async (_name, path, body, code) => {
    await expectProblem(await post(path, body), code);
    expect(await server.takeRecords()).toEqual([]);
  });

  it.each<[string, Record<string, string>, keyof typeof problemStatus]>([
    ['an unknown content type', { 'content-type': 'application/xml' }, 'unsupported_media_type'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'unsupported_media_type'],
    ['another charset', { 'content-type': 'application/json; charset=utf-16' }, 'unsupported_media_type'],
    ['an unknown encoding', { 'content-encoding': 'br' }, 'unsupported_encoding'],
    ['two encodings', { 'content-encoding': 'gzip, gzip' }, 'unsupported_encoding'],
    ['a version that is none', { 'x-event-schema-version': 'latest' }, 'invalid_schema_version'],
    ['a version of another major', { 'x-event-schema-version': '2.0.0' }, 'invalid_schema_version'],
  ])('is refused for its headers: %s', async (_name, headers, code) => {
    await expectProblem(await post('/api/v1/events', { event: 'x', anonymous_id: 'a' }, headers), code);
  });
});

describe('limits: the last allowed size is taken, one more is not', () => {
  it.each([
    ['pub', 50],
    ['srv', 1_000],
  ] as const)('events in a batch of a %s key', async (kind, limit) => {
    const key = server.keys[kind];
    expect((await post('/api/v1/events/batch', { events: toEvents(limit) }, {}, key)).status).toBe(202);
    expect(await takenEvents()).toBe(limit);
    const refused = await post('/api/v1/events/batch', { events: toEvents(limit + 1) }, {}, key);
    const { details } = await expectProblem(refused, 'too_many_events');
    expect(details).toEqual({ size: limit + 1, limit, unit: 'events' });
    expect(await takenEvents()).toBe(0);
  });

  it.each(['pub', 'srv'] as const)('a body as sent with a %s key', async (kind) => {
    const limit = keyLimits[kind].maxBodyBytes;
    const key = server.keys[kind];
    expect((await post('/api/v1/events/batch', toBatchOf(limit), {}, key)).status).toBe(202);
    expect(await takenEvents()).toBe(1);
    const { details } = await expectProblem(
      await post('/api/v1/events/batch', toBatchOf(limit + 1), {}, key),
      'body_too_large',
    );
    expect(details).toEqual({ size: limit + 1, limit, unit: 'bytes' });
  });

  it.each(['pub', 'srv'] as const)('a body inflated with a %s key', async (kind) => {
    const limit = keyLimits[kind].maxInflatedBytes;
    const key = server.keys[kind];
    expect((await post('/api/v1/events/batch', gzipSync(toBatchOf(limit)), {}, key)).status).toBe(202);
    expect(await takenEvents()).toBe(1);
    const refused = await post('/api/v1/events/batch', gzipSync(toBatchOf(limit + 1)), {}, key);
    expect((await expectProblem(refused, 'inflated_too_large')).details).toEqual({
      size: limit + 1,
      limit,
      unit: 'bytes',
    });
  });

  it('a pub key in the body is held to its own limits', async () => {
    const withKey = (padding: number) =>
      JSON.stringify({ api_key: server.keys.pub, events: toEvents(1), padding: 'x'.repeat(padding) });
    const send = (body: Body) => fetch(`${server.url}/api/v1/events/batch`, { method: 'POST', body });
    await expectProblem(await send(withKey(keyLimits.pub.maxBodyBytes)), 'body_too_large');
    await expectProblem(await send(gzipSync(withKey(keyLimits.pub.maxInflatedBytes))), 'inflated_too_large');
    expect((await send(withKey(keyLimits.pub.maxBodyBytes - 1_000))).status).toBe(202);
    expect(await takenEvents()).toBe(1);
  });

  it('one event', async () => {
    const limit = eventLimits.maxEventBytes;
    expect((await post('/api/v1/events', toEventOf(limit))).status).toBe(202);
    const [record] = await server.takeRecords();
    // Its one string is over 8,192 characters, and was cut.
    expect(record?.events[0]?.properties).toEqual({ list: ['x'.repeat(eventLimits.maxStringLength)] });

    const { details, message } = await expectProblem(
      await post('/api/v1/events', toEventOf(limit + 1)),
      'body_too_large',
    );
    expect(details).toMatchObject({ code: 'event_too_large', limit, unit: 'bytes' });
    expect(message).toContain(String(limit + 1));
    const batch = `{"events":[${toEventOf(limit + 1)},${toEventOf(limit)}]}`;
    const answer = await post('/api/v1/events/batch', batch);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({
      events: [{ error: { code: 'event_too_large' } }, { status: 'accepted' }],
    });
    expect(await takenEvents()).toBe(1);
  });

  it('a body far over the limit is refused by its announced size', async () => {
    const body = 'x'.repeat(32 * 1024 * 1024);
    await expectProblem(await post('/api/v1/events', body), 'body_too_large').catch((error: unknown) => {
      // The connection may break before a client that is still sending reads the answer.
      if (!(error instanceof TypeError)) throw error;
    });
  });
});

describe('gzip', () => {
  it('stops a bomb while inflating, in bounded memory', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    expect(bomb.length).toBeLessThan(256 * 1024);
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 5; n++) await expectProblem(await post('/api/v1/events/batch', bomb), 'inflated_too_large');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it.each<[string, (gzip: Buffer) => Uint8Array]>([
    ['cut off', (gzip) => gzip.subarray(0, gzip.length - 10)],
    ['with a wrong checksum', (gzip) => Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)])],
    ['that is none', () => Buffer.from('{"event":"x","anonymous_id":"a"}')],
    ['of its magic bytes alone', () => Buffer.from([0x1f, 0x8b])],
  ])('refuses a stream %s', async (_name, spoil) => {
    const gzip = gzipSync(JSON.stringify({ event: 'x', anonymous_id: 'a' }));
    await expectProblem(await post('/api/v1/events', spoil(gzip), { 'content-encoding': 'gzip' }), 'invalid_encoding');
  });
});

describe('keys', () => {
  it('refuses none, unknown, malformed, revoked and expired ones, and another project', async () => {
    const event = { event: 'x', anonymous_id: 'a1' };
    const send = (headers: Record<string, string>) =>
      fetch(`${server.url}/api/v1/events`, { method: 'POST', body: JSON.stringify(event), headers });
    const bearer = (key: string, more: Record<string, string> = {}) =>
      send({ authorization: `Bearer ${key}`, ...more });
    await expectProblem(await send({}), 'missing_key');
    await expectProblem(await bearer('px_pub_live_nonsense'), 'malformed_key');
    await expectProblem(await bearer(`${server.keys.pub}x`), 'malformed_key');
    await expectProblem(await bearer(server.keys.reading), 'missing_scope');
    await expectProblem(await bearer(server.keys.pub, { 'x-px-project-id': 'prj_other' }), 'project_mismatch');

    const other = await startTestServer();
    await expectProblem(await bearer(other.keys.pub), 'unknown_key');
    await other.close();

    const revoked = await server.makeKey({ kind: 'pub', scopes: ['events:write'] });
    await server.control.revokeKey(revoked.id, new Date(server.now));
    await expectProblem(await bearer(revoked.secret), 'revoked_key');
    const expired = await server.makeKey({
      kind: 'pub',
      scopes: ['events:write'],
      expiresAt: new Date(server.now - 1),
    });
    await expectProblem(await bearer(expired.secret), 'expired_key');
    expect(await server.takeRecords()).toEqual([]);
  });

  it('refuses a forbidden origin', async () => {
    const bound = await startTestServer({ origins: ['https://acme.com'] });
    const send = (origin: string) =>
      fetch(`${bound.url}/api/v1/events`, {
        method: 'POST',
        body: JSON.stringify({ event: 'x', anonymous_id: 'a1', api_key: bound.keys.pub }),
        headers: { origin },
      });
    await expectProblem(await send('https://evil.example'), 'origin_not_allowed');
    expect(await bound.takeRecords()).toEqual([]);
    expect((await send('https://acme.com')).status).toBe(202);
    await bound.close();
  });
});

describe('addresses and methods', () => {
  it('says what there is not', async () => {
    await expectProblem(await post('/api/v1/nothing', '{}'), 'not_found');
    const wrongMethod = await fetch(`${server.url}/api/v1/events`, { method: 'PUT', body: '{}' });
    await expectProblem(wrongMethod, 'method_not_allowed');
    expect(wrongMethod.headers.get('allow')).toBe('POST');
    await expectProblem(await fetch(`${server.url}/admin/v1/tenants`), 'missing_key');
    await expectProblem(await fetch(`${server.url}/%zz`), 'not_found');
  });

  it('does not take over a request id that is not sane', async () => {
    for (const id of ['a b', 'x'.repeat(129), '<script>', '']) {
      const response = await post('/api/v1/events', 'no json', { 'x-request-id': id });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      await expectProblem(response, 'invalid_json');
    }
  });
});
