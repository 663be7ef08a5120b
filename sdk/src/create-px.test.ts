import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPx, type Instance } from './create-px.ts';
import type { InitOptions } from './px.ts';

const options = { apiKey: 'px_pub_test_key', projectId: 'demo' };
beforeEach(() => {
  vi.stubGlobal('document', {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function setUp() {
  let now = 1_000;
  const calls: [string, unknown, number][] = [];
  const opened: InitOptions[] = [];
  const { px, replay } = createPx(
    (given, instance: Instance) => {
      opened.push(given);
      const note = (name: string) => (first?: unknown) => {
        if (first === 'broken') throw new Error('broken');
        calls.push([name, first, instance.calledAt()]);
      };
      const names = 'track identify page group alias register unregister reset optOut optIn setConsent use'.split(' ');
      const noted = Object.fromEntries(names.map((name) => [name, note(name)]));
      return Object.assign(
        {
          ready: (run: (px: typeof instance.px) => void) => run(instance.px),
          flush: () => Promise.reject(new Error('broken')),
        },
        noted as never,
      );
    },
    () => now,
  );
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  return { px, replay, calls, opened, error, setNow: (at: number) => (now = at) };
}

test('holds calls made before init, and replays them with their time', () => {
  const { px, calls, setNow } = setUp();
  px.track('early');
  setNow(5_000);
  px.init(options);
  px.track('late');
  expect(calls).toEqual([
    ['track', 'early', 1_000],
    ['track', 'late', 0],
  ]);
});

test('replays the stub’s calls with their time, also those before init, and skips what it does not know', () => {
  const { px, replay, calls } = setUp();
  replay([
    ['track', ['a'], 100],
    ['init', [options], 200],
    ['identify', ['u'], 300],
    ['constructor', [], 400],
  ]);
  px.track('now');
  expect(calls).toEqual([
    ['track', 'a', 100],
    ['identify', 'u', 300],
    ['track', 'now', 0],
  ]);
});

test('the first init holds; another instance has its own', () => {
  const { px, opened } = setUp();
  px.init(options);
  px.init({ ...options, apiKey: 'other' });
  expect(px.counts()).toEqual({ init_again: 1 });
  px.instance('second').init({ ...options, projectId: 'second' });
  px.instance('second').init(options);
  expect(opened.map(({ projectId }) => projectId)).toEqual(['demo', 'second']);
  expect(px.instance('second')).not.toBe(px);
});

test('says what is wrong with init, once a call, and lets a right one follow', () => {
  const { px, opened, error } = setUp();
  Reflect.apply(px.init, px, []);
  for (const wrong of [{ apiKey: 1 }, { apiKey: 'with "quotes"', projectId: 'p' }, { apiKey: 'k' }]) {
    Reflect.apply(px.init, px, [wrong]);
  }
  expect(error).toHaveBeenCalledTimes(3);
  expect(px.counts()).toEqual({ sdk_error: 1, init_refused: 3 });
  px.init(options);
  expect(opened).toEqual([options]);
});

test('ready calls back once init has started the SDK', () => {
  const { px } = setUp();
  const heard: unknown[] = [];
  px.ready((ready) => heard.push(ready));
  expect(heard).toEqual([]);
  px.init(options);
  px.ready((ready) => heard.push(ready));
  expect(heard).toEqual([px, px]);
});

test('never throws and never rejects, whatever breaks inside or listens', async () => {
  const { px } = setUp();
  const heard: string[] = [];
  px.init({
    ...options,
    onDiagnostic: (message) => {
      heard.push(message);
      throw new Error('listener');
    },
  });
  px.track('broken');
  await expect(px.flush()).resolves.toBeUndefined();
  expect(px.counts()).toEqual({ sdk_error: 2 });
  expect(heard).toEqual(['px: sdk_error', 'px: sdk_error']);
});

test('holds a hundred calls at most', () => {
  const { px } = setUp();
  for (let call = 0; call < 101; call += 1) px.track('early');
  expect(px.counts()).toEqual({ called_before_init: 1 });
});

test('on a server nothing happens, and nothing is held', async () => {
  vi.unstubAllGlobals();
  const { default: PX } = await import('./index.ts');
  PX.init(options);
  for (let call = 0; call < 200; call += 1) PX.track('a', { b: 1 });
  await PX.flush();
  expect(PX.counts()).toEqual({});
});
