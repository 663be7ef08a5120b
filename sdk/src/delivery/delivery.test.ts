import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { openFresh, stubBrowser } from '../../test/fresh.ts';

beforeEach(() => {
  const toFake: ('setTimeout' | 'clearTimeout' | 'Date' | 'performance')[] = [
    'setTimeout',
    'clearTimeout',
    'Date',
    'performance',
  ];
  vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00Z'), toFake });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), ms);
    return abort.signal;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

type Answer = (events: string[]) => Response | Promise<Response>;
const accept = (rejected = 0) => new Response(JSON.stringify({ accepted: 1, rejected, events: [] }), { status: 202 });
const refuse = (status: number, headers = {}) => new Response('<html>', { status, headers });

async function setUp(answer: Answer, flush = {}, options = {}) {
  const requests: { events: string[]; keepalive: boolean | undefined; bytes: number }[] = [];
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const fetch = async (_url: string, init: RequestInit) => {
    const bytes = Buffer.from(new Uint8Array(init.body instanceof Uint8Array ? init.body : []));
    const batch = JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString());
    const events = batch.events.map(({ event_id }: { event_id: string }) => event_id);
    requests.push({ events, keepalive: init.keepalive, bytes: bytes.length });
    const aborted = new Promise<Response>((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
    return Promise.race([answer(events), aborted]);
  };
  const storage = createFakeStorage();
  stubBrowser({ storage, fetch });
  const { clock, consent, diagnostics, leave, post, queue, recover, send, store } = await openFresh({
    flush,
    ...options,
  });
  clock.setClock();
  store.openStore();
  post.openPost();
  queue.beginQueue();
  recover.recover();
  const add = (...ids: string[]) => {
    for (const id of ids) {
      const text = JSON.stringify({ event: 'e', event_id: id, properties: { pad: id.slice(10) } });
      queue.add(text, '{"anonymous_id":"a","context":{"locale":"en"}}', '{"url":"u"}');
      send.plan();
    }
  };
  const settle = async () => {
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const wait = async (ms: number) => {
    await settle();
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
  };
  const allow = () => {
    consent.keepChoice({ analytics: true });
    recover.recover();
  };
  const stored = () => {
    store.writeStore();
    return Object.values(storage).join().split('event_id').length - 1;
  };
  return { add, wait, settle, requests, told, allow, stored, tally: diagnostics.tally, ...leave, ...send, ...recover };
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

test('sends after 5 s, or at once at 20 events, all of one task in one request', async () => {
  const { add, wait, requests } = await setUp(() => accept());
  add('a');
  await wait(4_999);
  expect(requests).toEqual([]);
  await wait(1);
  expect(requests.map(({ events }) => events)).toEqual([['a']]);
  add(...upTo(30));
  await expect.poll(() => requests.length).toBe(2);
  expect(requests[1]).toMatchObject({ events: upTo(30), keepalive: true });
});

test('what comes while a request is answered goes together 200 ms later where it is enough, and all of it when asked', async () => {
  const { add, wait, requests, flush } = await setUp(() => accept(), { maxEvents: 3 });
  add(...upTo(3));
  await wait(0);
  add(...upTo(4));
  await wait(199);
  expect(requests.map(({ events }) => events.length)).toEqual([3]);
  await wait(1);
  expect(requests.map(({ events }) => events.length)).toEqual([3, 4]);
  add('few');
  await wait(4_000);
  expect(requests).toHaveLength(2);
  await flush();
  expect(requests.map(({ events }) => events.length)).toEqual([3, 4, 1]);
});

test('tries again after a wait that doubles, for as long as the server fails, and sends each event once', async () => {
  let fails = 6;
  const { add, wait, requests } = await setUp(() => (fails-- > 0 ? refuse(500) : accept()), { maxWaitMs: 0 });
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

test('a wait after failures ends for the next event once another request was taken', async () => {
  let fails = 6;
  const { add, wait, sendNow, requests } = await setUp(() => (fails-- > 0 ? refuse(500) : accept()), { maxEvents: 1 });
  add('a');
  await wait(0);
  for (const ms of [500, 1_000, 2_000, 4_000, 8_000]) await wait(ms);
  expect(requests).toHaveLength(6);
  sendNow();
  await wait(200);
  add('b');
  await wait(0);
  expect(requests.map(({ events }) => events).slice(6)).toEqual([['a'], ['b']]);
});

test.each([429, 503])('waits as long as a %i asks for, also when asked to flush', async (status) => {
  let isFirst = true;
  const { add, wait, requests, flush } = await setUp(
    () => {
      const answer = isFirst ? refuse(status, { 'Retry-After': '30' }) : accept();
      isFirst = false;
      return answer;
    },
    { maxWaitMs: 0 },
  );
  add('a');
  await wait(0);
  await flush();
  await wait(29_900);
  expect(requests).toHaveLength(1);
  await wait(1_000);
  expect(requests).toHaveLength(2);
});

test('three tries that nobody answers, then silence, until the network is back', async () => {
  const { add, wait, requests, flush, tally } = await setUp(() => Promise.reject(new TypeError('Failed to fetch')), {
    maxWaitMs: 0,
  });
  add('a');
  await wait(600_000);
  add('b');
  await wait(600_000);
  expect(requests).toHaveLength(3);
  expect(tally).toMatchObject({ unreachable: 3 });
  await flush();
  expect(requests).toHaveLength(4);
});

test.each([401, 403])('a %i stops, says so once, and keeps the events', async (status) => {
  const { add, wait, requests, told, flush, stored } = await setUp(() => refuse(status), { maxWaitMs: 0 });
  add('a');
  await wait(0);
  add('b');
  await wait(600_000);
  await flush();
  expect([requests.length, told.mock.calls.length]).toEqual([1, 1]);
  expect(stored()).toBe(2);
});

test.each([
  [413, '<html>too large'],
  [400, '{"error":{"code":"invalid_body"}}'],
])('a %i is looked for in halves, and costs the one event that it is for', async (status, body) => {
  const { add, wait, requests, tally } = await setUp(
    (events) => (events.includes('3') ? new Response(body, { status }) : accept()),
    { maxWaitMs: 0 },
  );
  add(...upTo(5));
  await wait(0);
  const passed = requests.filter(({ events }) => !events.includes('3')).flatMap(({ events }) => events);
  expect([passed.sort(), tally['event_rejected']]).toEqual([['0', '1', '2', '4'], 1]);
});

test('forgets what the server refuses event by event', async () => {
  const { add, wait, requests, tally } = await setUp(() => accept(2), { maxWaitMs: 0 });
  add(...upTo(5));
  await wait(600_000);
  expect([requests.length, tally['event_rejected']]).toEqual([1, 2]);
});

test.each([
  ['a page', () => refuse(200)],
  ['a 204', () => new Response(null, { status: 204 })],
  ['a 404', () => refuse(404)],
  ['a 502', () => refuse(502)],
])('%s is no answer: the events wait', async (_, answer) => {
  const { add, wait, stored, tally } = await setUp(answer, { maxWaitMs: 0 });
  add('a');
  await wait(0);
  expect(stored()).toBe(1);
  expect(tally['retried']).toBe(1);
});

test('a server that says nothing is left after 15 s', async () => {
  const { add, wait, tally } = await setUp(() => new Promise(() => {}), { maxWaitMs: 0 });
  add('a');
  await wait(0);
  await wait(14_999);
  expect(tally['unreachable']).toBeUndefined();
  await wait(1);
  expect(tally['unreachable']).toBe(1);
});

test('a page that goes sends all that it may before it returns, and keeps what no answer was heard of', async () => {
  const { add, sendNow, requests, stored, settle } = await setUp(() => new Promise(() => {}));
  for (const id of upTo(100)) add(id.padEnd(1_000, 'x'));
  sendNow();
  const bytes = requests.reduce((sum, request) => sum + request.bytes, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(60_000);
  expect(requests.every(({ keepalive }) => keepalive)).toBe(true);
  await settle();
  expect(stored()).toBe(100);
});

test('a hidden page sends at once, and once', async () => {
  const { add, sendNow, settle, requests, wait, stored } = await setUp(() => accept());
  add('a', 'b');
  sendNow();
  await settle();
  sendNow();
  await wait(600_000);
  expect([requests.map(({ events }) => events), stored()]).toEqual([[['a', 'b']], 0]);
});

test('what went before a stay in the cache is sent again when the page is back, if it was not answered for', async () => {
  let isFirst = true;
  const { add, sendNow, resume, requests, wait, stored } = await setUp(() => {
    const answer = isFirst ? new Promise<Response>(() => {}) : accept();
    isFirst = false;
    return answer;
  });
  add('a');
  sendNow();
  resume();
  await wait(5_000);
  expect([requests.map(({ events }) => events), stored()]).toEqual([[['a'], ['a']], 0]);
});

test('does not go before the time that the collector asked for, be it that the page goes', async () => {
  const { add, wait, sendNow, requests, stored } = await setUp(() => refuse(429, { 'Retry-After': '30' }), {
    maxWaitMs: 0,
  });
  add('a');
  await wait(0);
  sendNow();
  expect([requests.length, stored()]).toEqual([1, 1]);
});

test('sends nothing before it is allowed', async () => {
  const { add, allow, sendNow, wait, requests } = await setUp(() => accept(), {}, { requireConsent: true });
  add(...upTo(30));
  sendNow();
  await wait(60_000);
  expect(requests).toEqual([]);
  allow();
  await vi.advanceTimersByTimeAsync(0);
  await expect.poll(() => requests.length).toBe(1);
});
