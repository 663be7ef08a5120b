import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.takeRecords());

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(server.url + path, { method: 'POST', body: text, headers });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const basic = (key = server.keys.srv) => ({
  authorization: `Basic ${btoa(`${key}:`)}`,
  'content-type': 'application/json',
});
const events = async () => (await server.takeRecords()).flatMap((record) => record.events);

describe('single calls', () => {
  it.each([
    ['track', { event: 'Signed Up' }, 'Signed Up'],
    ['page', { name: 'Home' }, 'page_view'],
    ['screen', { name: 'Cart' }, 'screen_view'],
    ['identify', { traits: { plan: 'pro' } }, 'identify'],
    ['group', { groupId: 'g1' }, 'group'],
    ['alias', { previousId: 'a1' }, 'alias'],
  ])('/v1/%s and its letter store the call', async (type, call, event) => {
    for (const path of [`/v1/${type}`, `/v1/${type.charAt(0)}`]) {
      expect(await post(path, { userId: 'u1', ...call }, basic())).toMatchObject({
        status: 200,
        body: { success: true },
      });
      expect(await events()).toMatchObject([{ event, user_id: 'u1' }]);
    }
  });

  it('take the key from the body, as text, from a page of any origin', async () => {
    const call = { writeKey: server.keys.pub, event: 'x', anonymousId: 'a1' };
    const answer = await post('/v1/t', call, { 'content-type': 'text/plain', origin: 'https://shop.example' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(await events()).toMatchObject([{ event: 'x', anonymous_id: 'a1' }]);
  });

  it('take the types that clients give, and no other', async () => {
    const call = { event: 'x', userId: 'u1' };
    const typed = (type: string) => post('/v1/track', call, { ...basic(), 'content-type': type });
    expect((await typed('application/x-www-form-urlencoded')).status).toBe(200);
    expect(await typed('text/html')).toMatchObject({
      status: 415,
      body: { error: { code: 'unsupported_media_type' } },
    });
  });

  it.each<[string, string, unknown, string]>([
    ['an event without a name', 'track', { userId: 'u' }, 'event'],
    ['nobody', 'track', { event: 'x' }, 'anonymousId'],
    ['a group without an id', 'group', { userId: 'u' }, 'groupId'],
    ['an alias without its past', 'alias', { userId: 'u' }, 'previousId'],
    ['an alias of nobody', 'alias', { previousId: 'a', anonymousId: 'b' }, 'userId'],
    ['properties that are a list', 'page', { userId: 'u', properties: [1] }, 'properties'],
    ['a time that is none', 'track', { userId: 'u', event: 'x', timestamp: 'soon' }, 'timestamp'],
  ])('refuse %s', async (_name, type, call, path) => {
    expect(await post(`/v1/${type}`, call, basic())).toMatchObject({
      status: 400,
      body: { error: { code: 'nothing_accepted', details: { rejected: 1, events: [{ index: 0, error: { path } }] } } },
    });
    expect(await events()).toEqual([]);
  });
});

describe('/v1/batch', () => {
  it('stores what is good and says of the rest why, with the clock of the client', async () => {
    const batch = [
      { type: 'track', event: 'a', userId: 'u1', messageId: 'ajs-1' },
      { type: 'video', event: 'b', userId: 'u1' },
      'text',
      { type: 'identify', userId: 'u1', traits: { x: 1 } },
      { event: 'c', userId: 'u1', messageId: '019a0000-0000-7000-8000-000000000001' },
    ];
    const sent = { batch, sentAt: '2026-01-15T12:00:01Z', context: { locale: 'de' }, writeKey: server.keys.srv };
    const answer = await post('/v1/batch', gzipSync(JSON.stringify(sent)), { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: true,
        rejected: 3,
        events: [
          { index: 1, event_id: null, error: { code: 'invalid_event', path: 'type' } },
          { index: 2, error: { path: '' } },
          { index: 4, error: { path: 'type' } },
        ],
      },
    });
    expect(await server.takeRecords()).toMatchObject([
      { sent_at: server.now + 1_000, events: [{ event: 'a', context: { locale: 'de' } }, { event: 'identify' }] },
    ]);
  });

  it('speaks for visitors with a srv key: their address and browser, never its own', async () => {
    const call = { type: 'track', event: 'a', userId: 'u1' };
    const batch = [
      { ...call, context: { ip: '203.0.113.1', userAgent: 'One' } },
      { ...call, event: 'b', context: { ip: '203.0.113.1', userAgent: 'One' } },
      { ...call, event: 'c', context: { ip: '203.0.113.2', userAgent: 'Two' } },
      { ...call, event: 'd' },
    ];
    const headers = {
      ...basic(),
      'user-agent': 'axios/1',
      'sec-ch-ua-mobile': '?1',
      'x-forwarded-for': '198.51.100.1',
    };
    expect(await post('/v1/batch', { batch }, headers)).toMatchObject({ status: 200, body: { success: true } });
    const records = await server.takeRecords();
    expect(
      records.map(({ ip, user_agent, client_hints, events }) => [
        ip,
        user_agent,
        client_hints,
        events.map((one) => one.event),
      ]),
    ).toEqual([
      ['203.0.113.1', 'One', {}, ['a', 'b']],
      ['203.0.113.2', 'Two', {}, ['c']],
      ['', '', {}, ['d']],
    ]);
  });

  it('lets a pub key claim no other address', async () => {
    const call = { event: 'a', anonymousId: 'a1', context: { ip: '203.0.113.1', userAgent: 'Own' } };
    await post('/v1/t', call, { ...basic(server.keys.pub), 'x-forwarded-for': '198.51.100.1' });
    expect(await server.takeRecords()).toMatchObject([{ ip: '198.51.100.1', user_agent: 'Own' }]);
  });

  it.each([
    [{ batch: [] }, 400, 'empty_batch'],
    [{ batch: {} }, 400, 'invalid_body'],
    [[], 400, 'invalid_body'],
    [{ batch: Array.from({ length: 1_001 }, () => ({})) }, 413, 'too_many_events'],
    [{ batch: [{ type: 'track' }, 1] }, 400, 'nothing_accepted'],
    ['{"batch":', 400, 'invalid_json'],
  ])('refuses %j', async (body, status, code) => {
    expect(await post('/v1/batch', body, basic())).toMatchObject({ status, body: { error: { code } } });
  });

  it('refuses a key that is none, one that may not write, and the other methods', async () => {
    const body = { batch: [{ type: 'track', event: 'a', userId: 'u' }] };
    expect(await post('/v1/batch', body)).toMatchObject({ status: 401, body: { error: { code: 'missing_key' } } });
    expect(await post('/v1/batch', { ...body, writeKey: 'abc' })).toMatchObject({ status: 401 });
    expect(await post('/v1/batch', body, basic(server.keys.reading))).toMatchObject({ status: 403 });
    expect((await fetch(`${server.url}/v1/batch`)).status).toBe(405);
    expect(await server.takeRecords()).toEqual([]);
  });

  it('keeps the order of one person’s calls, whatever the addresses', async () => {
    const batch = Array.from({ length: 50 }, (_, n) => ({
      type: 'track',
      event: `e${n}`,
      userId: `u${n % 3}`,
      context: { ip: `203.0.113.${n % 2}` },
    }));
    await post('/v1/batch', { batch }, basic());
    const records = await server.takeRecords();
    for (const person of ['u0', 'u1', 'u2']) {
      const own = records.filter(({ person_key }) => person_key === person).flatMap((record) => record.events);
      const numbers = own.map(({ event }) => Number(event.slice(1)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(numbers.length).toBeGreaterThan(15);
    }
  });
});
