import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFresh, stubBrowser } from '../test/fresh.ts';
import type { InitOptions, Px } from './px.ts';

const options: InitOptions = { apiKey: 'px_pub_test_key', projectId: 'demo', autocapture: false };
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Opens the SDK of a page, and shows what its queue holds. */
async function setUp(listener: (type: string) => void = () => {}) {
  const page = new EventTarget();
  stubBrowser({ fetch: () => Promise.reject(new Error('offline')) });
  vi.stubGlobal('window', Object.assign(page, Reflect.get(globalThis, 'window'), { addEventListener: listener }));
  vi.stubGlobal('history', { pushState: () => {}, replaceState: () => {} });
  const { queue } = await openFresh();
  const { createPx } = await import('./create-px.ts');
  const [px, replay] = createPx();
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const events = (): { event: string; timestamp: string; properties: object; traits?: object; user_id?: string }[] =>
    queue.entries.map(({ itself }) => JSON.parse(itself));
  const shared = () => JSON.parse(queue.entries.at(-1)?.shared ?? '{}');
  const told = () => events().map(({ event, timestamp }) => [event, Date.parse(timestamp)]);
  return { px, replay, error, events, told, shared };
}

test('holds calls made before init, and replays them with their time', async () => {
  const { px, told } = await setUp();
  px.track('early');
  vi.advanceTimersByTime(4_000);
  px.init(options);
  px.track('late');
  expect(told()).toEqual([
    ['early', 1_000_000],
    ['late', 1_004_000],
  ]);
});

test('replays the stub’s calls with their time, also those before init, and skips what it does not know', async () => {
  const { px, replay, told } = await setUp();
  replay([
    ['track', ['a'], 100_000],
    ['init', [options], 200_000],
    ['identify', ['u'], 300_000],
    ['constructor', [], 400_000],
    ['nothing', [], 400_000],
  ]);
  px.track('now');
  expect(told()).toEqual([
    ['a', 100_000],
    ['identify', 300_000],
    ['now', 1_000_000],
  ]);
});

test('the first init holds', async () => {
  const { px, events } = await setUp();
  px.init(options);
  px.init({ ...options, apiKey: 'other' });
  px.track('a');
  expect([px.counts(), events().length]).toEqual([{ init_again: 1 }, 1]);
});

test('says what is wrong with init, once a call, and lets a right one follow', async () => {
  const { px, events, error } = await setUp();
  Reflect.apply(px.init, px, []);
  for (const wrong of [{ apiKey: 1 }, { apiKey: 'with "quotes"', projectId: 'p' }, { apiKey: 'k' }]) {
    Reflect.apply(px.init, px, [wrong]);
  }
  expect(error).toHaveBeenCalledTimes(3);
  expect(px.counts()).toEqual({ sdk_error: 1, init_refused: 3 });
  px.init(options);
  px.track('a');
  expect(events()).toHaveLength(1);
});

test('ready calls back once init has started the SDK', async () => {
  const { px } = await setUp();
  const heard: unknown[] = [];
  px.ready((ready) => heard.push(ready));
  expect(heard).toEqual([]);
  px.init(options);
  px.ready((ready) => heard.push(ready));
  expect(heard).toEqual([px, px]);
});

test('never throws and never rejects, whatever breaks inside or listens', async () => {
  const { px, events } = await setUp();
  const heard: string[] = [];
  px.init({
    ...options,
    beforeSend: () => {
      throw new Error('hook');
    },
    onDiagnostic: (message) => {
      heard.push(message);
      throw new Error('listener');
    },
  });
  px.track('a');
  px.ready(() => {
    throw new Error('callback');
  });
  Reflect.apply(px.setConsent, px, []);
  await expect(px.flush()).resolves.toBeUndefined();
  expect(events()).toHaveLength(1);
  expect(px.counts()).toEqual({ hook_failed: 1, sdk_error: 2, unreachable: 1, retried: 1 });
  expect(heard).toEqual(
    ['hook_failed', 'recorded', 'sdk_error', 'sdk_error', 'unreachable', 'retried'].map((name) => `px: ${name}`),
  );
});

test.each([
  ['by itself', () => vi.advanceTimersByTime(40)],
  ['before a call', (px: Px) => px.ready(() => {})],
  ['before the page goes', () => window.dispatchEvent(new Event('pagehide'))],
])('the first view is recorded after init returned, %s, at the time of init', async (_, next) => {
  const { px, told } = await setUp();
  px.init({ ...options, autocapture: { clicks: false, scroll: false } });
  expect(told()).toEqual([]);
  next(px);
  expect(told()).toEqual([['page_view', 1_000_000]]);
});

test('holds a hundred calls at most', async () => {
  const { px } = await setUp();
  for (let call = 0; call < 101; call += 1) px.track('early');
  expect(px.counts()).toEqual({ called_before_init: 1 });
});

test('names the person, the group and the alias, and bears super properties under an event’s own', async () => {
  const { px, events, shared } = await setUp();
  px.init(options);
  px.alias('known');
  px.identify(' user ', { plan: 'pro' });
  px.group('acme', { size: 3 });
  px.register({ a: 1, b: 1 });
  px.unregister('a');
  px.track('x', { b: 2 });
  expect(events()).toMatchObject([
    { event: 'alias', user_id: 'known', properties: { previous_id: expect.stringMatching(/^[\w-]{36}$/) } },
    { event: 'identify', traits: { plan: 'pro' } },
    { event: 'group', traits: { size: 3 }, properties: { group_id: 'acme' } },
    { event: 'x', properties: { group_id: 'acme', b: 2 } },
  ]);
  expect(events()[3]?.properties).not.toHaveProperty('a');
  expect(shared().user_id).toBe('user');
  const { anonymous_id } = shared();
  px.reset();
  px.track('y');
  expect([events()[4]?.properties, shared().user_id]).toEqual([{}, undefined]);
  expect(shared().anonymous_id).not.toBe(anonymous_id);
  for (const id of ['', ' ', 'x'.repeat(201), null, {}, undefined]) Reflect.apply(px.identify, px, [id]);
  for (const name of ['', 3, undefined, 'x'.repeat(201)]) Reflect.apply(px.track, px, [name]);
  expect([events().length, px.counts()]).toEqual([5, { invalid_id: 6, invalid_event_name: 4 }]);
});

test('hooks change or drop events in order, plugins first, and an event keeps its id and time', async () => {
  const { px, events } = await setUp();
  const seen: string[] = [];
  px.init({
    ...options,
    plugins: ['p', 'q'].map((name) => ({ name, event: ({ event }) => void seen.push(`${name} ${event}`) })),
    beforeSend: [
      (event) => ({ ...event, event: `${event.event}!`, event_id: 'mine', timestamp: 'never' }),
      (event) => (event.event === 'b!' ? null : void Object.assign(event, { properties: { changed: true } })),
    ],
  });
  px.track('a', { x: 1 });
  px.track('b');
  expect([seen, px.counts()]).toEqual([['p a', 'q a', 'p b', 'q b'], { dropped_by_hook: 1 }]);
  expect(events()).toEqual([
    {
      event: 'a!',
      event_id: expect.stringMatching(/^[\w-]{36}$/),
      timestamp: '1970-01-01T00:16:40.000Z',
      properties: { changed: true },
    },
  ]);
});

test('on a server nothing happens, and nothing is held', async () => {
  vi.unstubAllGlobals();
  vi.resetModules();
  const { default: PX } = await import('./index.ts');
  PX.init(options);
  for (let call = 0; call < 200; call += 1) PX.track('a', { b: 1 });
  await PX.flush();
  expect(PX.counts()).toEqual({});
});
