import { AppError } from '@px-platform/runtime';
import type { StoredRow } from '@px-platform/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestReader } from '../../test/test-reader.ts';
import { createLiveFeed } from './live-feed.ts';

const pollMs = 500;
const tooFar = 'too far back';
let reader: ReturnType<typeof createTestReader>;
let polls: (string | null)[];
let failures: number;

beforeEach(() => {
  vi.useFakeTimers();
  reader = createTestReader();
  reader.rows.set('p', [{ n: 0 }]);
  polls = [];
  failures = 0;
});
afterEach(() => vi.useRealTimers());

function createFeed() {
  return createLiveFeed({
    reader: {
      async rowsSince(projectId, cursor, limit) {
        polls.push(cursor);
        if (cursor === tooFar) throw new AppError('query_over_budget', 'The question reads more than 10 s.');
        return reader.rowsSince(projectId, cursor, limit);
      },
    },
    pollMs,
    onPollFailed: () => {
      failures += 1;
    },
  });
}

function createListener() {
  const listener = {
    got: [] as StoredRow[],
    cursor: '',
    ready: true,
    isReady: () => listener.ready,
    onRows(rows: readonly StoredRow[], cursor: string) {
      listener.got.push(...rows);
      listener.cursor = cursor;
    },
  };
  return listener;
}
const store = (...rows: StoredRow[]) => reader.rows.get('p')?.push(...rows);
const tick = () => vi.advanceTimersByTimeAsync(pollMs);

describe('createLiveFeed', () => {
  it('asks the store once a poll for all who stand at one place, and not at all when nobody listens', async () => {
    const feed = createFeed();
    const listeners = [createListener(), createListener(), createListener()];
    const stops = await Promise.all(listeners.map((listener) => feed.listen('p', null, listener)));
    polls.length = 0;
    store({ n: 1 });
    await tick();
    expect(polls).toHaveLength(1);
    for (const { got, cursor } of listeners) expect({ got, cursor }).toEqual({ got: [{ n: 1 }], cursor: '2' });
    for (const stop of stops) stop();
    await tick();
    polls.length = 0;
    await tick();
    await tick();
    expect(polls).toEqual([]);
  });

  it('lets one who is slow catch up later, and holds no other back', async () => {
    const feed = createFeed();
    const [slow, quick] = [createListener(), createListener()];
    await feed.listen('p', null, slow);
    await feed.listen('p', null, quick);
    slow.ready = false;
    store({ n: 1 });
    await tick();
    store({ n: 2 });
    await tick();
    expect(quick.got).toEqual([{ n: 1 }, { n: 2 }]);
    expect(slow.got).toEqual([]);
    slow.ready = true;
    await tick();
    expect(slow.got).toEqual([{ n: 1 }, { n: 2 }]);
    polls.length = 0;
    await tick();
    expect(polls).toHaveLength(1);
  });

  it('gives one who resumes all that he missed, at once, page by page', async () => {
    const feed = createFeed();
    const rows = Array.from({ length: 1_234 }, (_, n) => ({ n }));
    reader.rows.set('p', rows);
    const listener = createListener();
    await feed.listen('p', '0', listener);
    await vi.advanceTimersByTimeAsync(50);
    expect(listener.got).toEqual(rows);
  });

  it('tells of a failed poll and goes on', async () => {
    const feed = createFeed();
    const listener = createListener();
    await feed.listen('p', null, listener);
    reader.isAway = true;
    store({ n: 1 });
    await tick();
    expect(failures).toBe(1);
    reader.isAway = false;
    await tick();
    expect(listener.got).toEqual([{ n: 1 }]);
  });

  it('begins at the present for one who names no place, though another resumes from the past', async () => {
    const feed = createFeed();
    const [past, present] = [createListener(), createListener()];
    await feed.listen('p', '0', past);
    await feed.listen('p', null, present);
    store({ n: 1 });
    await tick();
    expect(past.got).toEqual([{ n: 0 }, { n: 1 }]);
    expect(present.got).toEqual([{ n: 1 }]);
  });

  it('does not let one whose place costs too much hold back the others', async () => {
    const feed = createFeed();
    const [far, near] = [createListener(), createListener()];
    await feed.listen('p', tooFar, far);
    await feed.listen('p', null, near);
    store({ n: 1 });
    await tick();
    expect(near.got).toEqual([{ n: 1 }]);
    expect(far.got).toEqual([]);
    expect(failures).toBeGreaterThan(0);
  });

  it('listens again after all had left', async () => {
    const feed = createFeed();
    (await feed.listen('p', null, createListener()))();
    await tick();
    store({ n: 1 });
    const listener = createListener();
    await feed.listen('p', null, listener);
    store({ n: 2 });
    await tick();
    expect(listener.got).toEqual([{ n: 2 }]);
  });
});
