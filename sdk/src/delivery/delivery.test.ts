import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { createTestGround } from '../../test/test-ground.ts';
import { createStore } from '../person/store.ts';
import { openDelivery } from './delivery.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00Z'), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

type Answer = (events: string[]) => Response | Promise<Response>;
const accept = (rejected = 0) => new Response(JSON.stringify({ accepted: 1, rejected, events: [] }), { status: 202 });
const refuse = (status: number, headers = {}) => new Response('<html>', { status, headers });

function setUp(answer: Answer, flush = {}) {
  const ground = createTestGround();
  const requests: { events: string[]; keepalive: boolean | undefined }[] = [];
  const beacons: Blob[] = [];
  const told: unknown[] = [];
  let isAllowed = true;
  const fetch = async (_url: string, init: RequestInit) => {
    const bytes = Buffer.from(new Uint8Array(init.body instanceof Uint8Array ? init.body : []));
    const batch = JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString());
    const events = batch.events.map(({ event_id }: { event_id: string }) => event_id);
    requests.push({ events, keepalive: init.keepalive });
    const aborted = new Promise<Response>((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
    return Promise.race([answer(events), aborted]);
  };
  vi.stubGlobal('window', { fetch });
  vi.stubGlobal('navigator', { sendBeacon: (_: string, body: Blob) => beacons.push(body) > 0 });
  const storage = createFakeStorage();
  const store = createStore('px_', () => storage);
  store.open(true);
  const delivery = openDelivery(ground, {
    apiKey: 'k',
    url: 'https://px.example/api/v1/events/batch',
    flush,
    store,
    keyPrefix: 'px_',
    isAllowed: () => isAllowed,
    onFirst: () => {},
    onLost: (lost) => told.push(lost),
    warn: (message) => told.push(message),
  });
  const add = (...ids: string[]) => {
    for (const id of ids)
      delivery.add(
        JSON.stringify({ event: 'e', event_id: id }),
        '{"anonymous_id":"a","context":{"locale":"en"}}',
        '{"url":"u"}',
      );
  };
  const settle = async () => {
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const wait = async (ms: number) => {
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
  };
  return {
    ...ground,
    delivery,
    add,
    wait,
    settle,
    requests,
    beacons,
    told,
    store,
    allow: (is: boolean) => (isAllowed = is),
  };
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

test('sends after 5 s, or at once at 20 events, all of one task in one request', async () => {
  const { add, wait, requests } = setUp(() => accept());
  add('a');
  await wait(4_999);
  expect(requests).toEqual([]);
  await wait(1);
  expect(requests.map(({ events }) => events)).toEqual([['a']]);
  add(...upTo(30));
  await expect.poll(() => requests.length).toBe(2);
  expect(requests[1]).toEqual({ events: upTo(30), keepalive: true });
});

test('tries again after a wait that doubles, for as long as the server fails, and sends each event once', async () => {
  let fails = 6;
  const { add, wait, requests } = setUp(() => (fails-- > 0 ? refuse(500) : accept()), { maxWaitMs: 0 });
  add('a');
  await wait(0);
  for (const ms of [500, 1_000, 2_000, 4_000, 8_000, 16_000]) {
    const before = requests.length;
    await wait(ms - 1);
    expect(requests).toHaveLength(before);
    await wait(1);
    expect(requests).toHaveLength(before + 1);
  }
  await wait(600_000);
  expect(requests).toHaveLength(7);
});

test.each([429, 503])('waits as long as a %i asks for, also when asked to flush', async (status) => {
  let isFirst = true;
  const { add, wait, requests, delivery } = setUp(
    () => {
      const answer = isFirst ? refuse(status, { 'Retry-After': '30' }) : accept();
      isFirst = false;
      return answer;
    },
    { maxWaitMs: 0 },
  );
  add('a');
  await wait(0);
  await delivery.flush();
  await wait(29_900);
  expect(requests).toHaveLength(1);
  await wait(1_000);
  expect(requests).toHaveLength(2);
});

test('three tries that nobody answers, then silence, until the network is back', async () => {
  const { add, wait, requests, delivery, counts } = setUp(() => Promise.reject(new TypeError('Failed to fetch')), {
    maxWaitMs: 0,
  });
  add('a');
  await wait(600_000);
  add('b');
  await wait(600_000);
  expect(requests).toHaveLength(3);
  expect(counts).toMatchObject({ unreachable: 3 });
  await delivery.flush();
  expect(requests).toHaveLength(4);
});

test.each([401, 403])('a %i stops, says so once, and keeps the events', async (status) => {
  const { add, wait, requests, told, delivery, store } = setUp(() => refuse(status), { maxWaitMs: 0 });
  add('a');
  await wait(0);
  add('b');
  await wait(600_000);
  await delivery.flush();
  expect([requests.length, told.length]).toEqual([1, 1]);
  expect(store.names().filter((name) => store.get(name).includes('event_id'))).toHaveLength(2);
});

test.each([
  [413, '<html>too large'],
  [400, '{"error":{"code":"invalid_body"}}'],
])('a %i is looked for in halves, and costs the one event that it is for', async (status, body) => {
  const { add, wait, requests, counts } = setUp(
    (events) => (events.includes('3') ? new Response(body, { status }) : accept()),
    { maxWaitMs: 0 },
  );
  add(...upTo(5));
  await wait(0);
  const passed = requests.filter(({ events }) => !events.includes('3')).flatMap(({ events }) => events);
  expect([passed.sort(), counts['event_rejected']]).toEqual([['0', '1', '2', '4'], 1]);
});

test('forgets what the server refuses event by event', async () => {
  const { add, wait, requests, counts } = setUp(() => accept(2), { maxWaitMs: 0 });
  add(...upTo(5));
  await wait(600_000);
  expect([requests.length, counts['event_rejected']]).toEqual([1, 2]);
});

test.each([
  ['a page', () => refuse(200)],
  ['a 204', () => new Response(null, { status: 204 })],
  ['a 404', () => refuse(404)],
  ['a 502', () => refuse(502)],
])('%s is no answer: the events wait', async (_, answer) => {
  const { add, wait, store, counts } = setUp(answer, { maxWaitMs: 0 });
  add('a');
  await wait(0);
  expect(store.names().some((name) => store.get(name).includes('event_id'))).toBe(true);
  expect(counts['retried']).toBe(1);
});

test('a server that says nothing is left after 15 s', async () => {
  const { add, wait, counts } = setUp(() => new Promise(() => {}), { maxWaitMs: 0 });
  add('a');
  await wait(0);
  await wait(14_999);
  expect(counts['unreachable']).toBeUndefined();
  await wait(1);
  expect(counts['unreachable']).toBe(1);
});

test('a page that goes hands over within the beacons’ quota, and keeps all of it', async () => {
  const { delivery, beacons, store } = setUp(() => accept());
  const pad = 'x'.repeat(1_000);
  for (const id of upTo(100))
    delivery.add(
      JSON.stringify({ event: 'e', event_id: id, properties: { pad } }),
      '{"context":{"locale":"en"}}',
      '{"url":"u"}',
    );
  delivery.gone();
  const bytes = beacons.reduce((sum, { size }) => sum + size, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(60_000);
  expect(store.names().filter((name) => store.get(name).includes('event_id'))).toHaveLength(100);
});

test('a hidden page sends at once, and once', async () => {
  const { add, delivery, settle, requests, wait } = setUp(() => accept());
  add('a', 'b');
  delivery.hidden();
  await settle();
  delivery.gone();
  await wait(600_000);
  expect(requests.map(({ events }) => events)).toEqual([['a', 'b']]);
});

test('what a beacon took is sent again when the page is back, since it was not answered for', async () => {
  const { add, delivery, requests, beacons, wait } = setUp(() => accept());
  add('a');
  delivery.gone();
  delivery.resume();
  await wait(5_000);
  expect([beacons.length, requests.map(({ events }) => events)]).toEqual([1, [['a']]]);
});

test('sends nothing before it is allowed', async () => {
  const { add, allow, delivery, wait, requests } = setUp(() => accept());
  allow(false);
  add(...upTo(30));
  delivery.hidden();
  await wait(60_000);
  expect(requests).toEqual([]);
  allow(true);
  delivery.resume();
  await expect.poll(() => requests.length).toBe(1);
});

test('tells how many events were lost, once the server can be told', async () => {
  const { add, told } = setUp(() => accept(), { maxWaitMs: 0 });
  add(...upTo(1_003));
  await vi.advanceTimersByTimeAsync(0);
  await expect.poll(() => told).toEqual([3]);
});
