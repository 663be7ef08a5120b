import { expect, it } from 'vitest';
import { findOldestAt } from './find-oldest-at.ts';

const now = 1_772_366_400_000;

it.each([0, 1, 999, 1_000, 1_001, 6_000, 86_400_000, now])('finds what was sent %d ms ago', async (ageMs) => {
  let questions = 0;
  const oldest = await findOldestAt(now, async (instant) => {
    questions += 1;
    return now - ageMs < instant;
  });
  expect(oldest).toBe(now - ageMs);
  expect(questions).toBeLessThan(70);
});

it('gives the present where nothing was sent before', async () => {
  expect(await findOldestAt(now, async () => false)).toBe(now);
});
