import { expect, test } from 'vitest';
import type { Client } from './client.ts';
import { createPx } from './create-px.ts';
import type { Clock } from './ports.ts';

const options = { apiKey: 'px_pub_test_key', projectId: 'demo' };

function setUp(hasPage = true) {
  let now = 1_000;
  let clientClock: Clock = () => 0;
  const calls: [string, unknown, number][] = [];
  const warnings: string[] = [];
  const opened: unknown[] = [];
  const note = (name: string) => (first: unknown) => void calls.push([name, first, clientClock()]);
  const client: Client = {
    track: note('track'),
    trackAt: () => {},
    identify: note('identify'),
    page: note('page'),
    reset: () => note('reset')(undefined),
    flush: () => Promise.reject(new Error('broken')),
  };
  const { px, replay } = createPx({
    open: (settings, { clock }) => {
      opened.push(settings);
      clientClock = clock;
      return client;
    },
    clock: () => now,
    hasPage: () => hasPage,
    warn: (message) => void warnings.push(message),
  });
  return { px, replay, calls, warnings, opened, client, setNow: (at: number) => (now = at) };
}

test('holds calls made before init, and replays them with their time', () => {
  const { px, calls, setNow } = setUp();
  px.track('early');
  setNow(5_000);
  px.init(options);
  px.track('late');
  expect(calls).toEqual([
    ['track', 'early', 1_000],
    ['track', 'late', 5_000],
  ]);
});

test('replays the stub’s calls with their time, also those before init, and skips what it does not know', () => {
  const { px, replay, calls, setNow } = setUp();
  setNow(9_000);
  replay([
    ['track', ['a'], 100],
    ['init', [options], 200],
    ['identify', ['u'], 300],
    ['constructor', [], 400],
    ['register', [{}], 500],
  ]);
  px.track('now');
  expect(calls).toEqual([
    ['track', 'a', 100],
    ['identify', 'u', 300],
    ['track', 'now', 9_000],
  ]);
});

test('the first init holds', () => {
  const { px, opened } = setUp();
  px.init(options);
  px.init({ ...options, apiKey: 'other' });
  expect(opened).toHaveLength(1);
  expect(px.counts()).toEqual({ init_again: 1 });
});

test('says what is wrong with init, and lets a right one follow', () => {
  const { px, opened, warnings } = setUp();
  Reflect.apply(px.init, px, []);
  Reflect.apply(px.init, px, [{ apiKey: 1, projectId: 'demo', endpoint: 'javascript:1' }]);
  expect(opened).toHaveLength(0);
  expect(warnings[1]).toMatch(/apiKey must be .*endpoint must be/);
  px.init(options);
  expect(opened).toEqual([
    {
      ...options,
      endpoint: null,
      capturesPageViews: true,
      capturesClicks: true,
      limits: { maxEvents: 20, maxBytes: 30_000, maxWaitMs: 2_000 },
      onDiagnostic: null,
    },
  ]);
});

test('keeps settings within the server’s limits', () => {
  const { px, opened } = setUp();
  const flush = { maxEvents: 1_000, maxBytes: 1, maxWaitMs: Number.NaN };
  px.init({ ...options, endpoint: 'https://px.example.com//', autocapture: { clicks: false }, flush });
  expect(opened[0]).toMatchObject({
    endpoint: 'https://px.example.com',
    capturesPageViews: true,
    capturesClicks: false,
    limits: { maxEvents: 50, maxBytes: 1_000, maxWaitMs: 2_000 },
  });
});

test('never throws and never rejects, whatever breaks inside or listens', async () => {
  const { px, client } = setUp();
  client.track = () => {
    throw new Error('broken');
  };
  const heard: string[] = [];
  px.init({
    ...options,
    onDiagnostic: (message) => {
      heard.push(message);
      throw new Error('listener');
    },
  });
  px.track('a');
  await expect(px.flush()).resolves.toBeUndefined();
  expect(px.counts()).toEqual({ sdk_error: 2 });
  expect(heard).toEqual(['px: sdk_error', 'px: sdk_error']);
});

test('holds a hundred calls at most, and none where there is no page', async () => {
  const { px } = setUp();
  for (let call = 0; call < 101; call += 1) px.track('early');
  expect(px.counts()).toEqual({ called_before_init: 1 });
  const server = setUp(false);
  server.px.init(options);
  server.px.track('a');
  await server.px.flush();
  expect(server.opened).toHaveLength(0);
});

test('the package can be imported and called without a window', async () => {
  const { default: PX } = await import('./index.ts');
  PX.init(options);
  PX.track('a', { b: 1 });
  await PX.flush();
  expect(PX.counts()).toEqual({});
});
