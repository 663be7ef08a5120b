import { createMemoryStore, type StoredId } from '@px-platform/store';
import { expect, it } from 'vitest';
import { processorConfigSchema } from './config.ts';
import { createHeldRows } from './dedupe/held-rows.ts';
import { createPipeline } from './pipeline.ts';
import { createSaltBook } from './privacy/salt-book.ts';
import { createTombstoneBook } from './purge/tombstone-book.ts';
import { warm } from './warm.ts';

const minuteMs = 60_000;
const now = Date.UTC(2026, 10, 22, 12);
const geo = { find: () => null, revision: () => 0, describe: () => ({ files: [], attribution: '' }) };

/** Warms a window of an hour from a store that holds so many ids of each minute; gives the slices that it was asked for, in minutes before now. */
async function readSlices(idsAt: (minutesAgo: number) => number): Promise<[from: number, to: number][]> {
  const config = processorConfigSchema.parse({ DEDUPE_MAX_IDS: 1_000 });
  const slices: [from: number, to: number][] = [];
  const id: StoredId = { projectId: 'p1', eventId: '0190163d-8694-739b-aea5-966c26f8ad91', receivedAt: now };
  const pipeline = createPipeline({
    config,
    geo,
    salts: createSaltBook(),
    tombstones: createTombstoneBook(),
    coveredSince: now - config.DEDUPE_WINDOW_MS,
    held: createHeldRows(new Map()),
  });
  const store = {
    ...createMemoryStore(),
    async recentIds({ from, to }: { from: number; to: number }) {
      const [first, last] = [(now - from) / minuteMs, Math.max((now - to) / minuteMs, 0)];
      slices.push([first, last]);
      let count = 0;
      for (let minute = first; minute > last; minute -= 1) count += idsAt(minute);
      return Array.from({ length: count }, () => id);
    },
  };
  await warm({ pipeline, store, except: [], now, waitingSince: now });
  return slices;
}

it('reads a quiet hour in few slices, none of them longer than eight minutes', async () => {
  const slices = await readSlices(() => 100);
  expect(slices).toEqual([
    [60, 59],
    [59, 57],
    [57, 53],
    [53, 45],
    [45, 37],
    [37, 29],
    [29, 21],
    [21, 13],
    [13, 5],
    [5, 0],
  ]);
});

it('reads a busy time minute by minute', async () => {
  const slices = await readSlices((minutesAgo) => (minutesAgo <= 50 && minutesAgo > 45 ? 60_000 : 0));
  expect(slices.slice(0, 5)).toEqual([
    [60, 59],
    [59, 57],
    [57, 53],
    [53, 45],
    [45, 44],
  ]);
  expect((await readSlices(() => 60_000)).length).toBe(61);
});
