import { expect, it } from 'vitest';
import { toRuns } from './stale-runs.ts';

const hour = 3_600_000;

it('joins hours that touch', () => {
  expect(toRuns([2 * hour, 3 * hour, 6 * hour], { from: 0, to: 9 * hour })).toEqual([
    { from: 2 * hour, to: 4 * hour },
    { from: 6 * hour, to: 7 * hour },
  ]);
});

it('reads hours that the time cuts from events, and no more of them than it holds', () => {
  expect(toRuns([hour], { from: 1, to: 4 * hour + 5 })).toEqual([
    { from: 1, to: 2 * hour },
    { from: 4 * hour, to: 4 * hour + 5 },
  ]);
  expect(toRuns([], { from: 7, to: 9 })).toEqual([{ from: 7, to: 9 }]);
});

it('reads hours that a cut lies within from events, whole', () => {
  expect(toRuns([], { from: 0, to: 9 * hour }, [0, 2 * hour, 4 * hour + 1, 9 * hour])).toEqual([
    { from: 4 * hour, to: 5 * hour },
  ]);
});

it('has none where all is made and whole', () => {
  expect(toRuns([], { from: 0, to: 9 * hour })).toEqual([]);
});
