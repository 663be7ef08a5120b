import { expect, it } from 'vitest';
import { createTombstonePace } from './tombstone-pace.ts';

/** Looks once for each count of batches that were made by then; `false` where it read nothing. */
function look(pace: ReturnType<typeof createTombstonePace>, counts: readonly number[]): boolean[] {
  return counts.map((batches) => {
    const isDue = pace.isDue(batches);
    if (isDue) pace.readAt(batches);
    return isDue;
  });
}

it('is due at each look while batches are made, and at each fifth while none is', () => {
  const pace = createTombstonePace();
  expect(look(pace, [0, 0, 0, 0, 0, 0])).toEqual([false, false, false, false, true, false]);
  expect(look(pace, [1, 2, 4])).toEqual([true, true, true]);
  expect(look(pace, [4, 4, 4, 4, 4])).toEqual([false, false, false, false, true]);
});

it('stays due until they were read', () => {
  const pace = createTombstonePace();
  expect([pace.isDue(1), pace.isDue(1)]).toEqual([true, true]);
  pace.readAt(1);
  expect(pace.isDue(1)).toBe(false);
});
