import { expect, it } from 'vitest';
import { readUuidV7Time } from './ids.ts';
import { createRequestIds } from './request-ids.ts';

const now = Date.UTC(2026, 4, 1, 12);
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A clock that gives these instants one after the other, and the last for ever. */
function toClock(...instants: number[]): () => number {
  let reads = 0;
  return () => instants[Math.min(reads++, instants.length - 1)] ?? 0;
}

/** Says how many ids of a maker are no UUIDv7, and how many don't sort after the one before: so none is there twice. */
function countOdd(next: () => string, ids: number): { malformed: number; unsorted: number } {
  let [malformed, unsorted, last] = [0, 0, ''];
  for (let made = 0; made < ids; made += 1) {
    const id = next();
    if (!uuidV7.test(id)) malformed += 1;
    if (id <= last) unsorted += 1;
    last = id;
  }
  return { malformed, unsorted };
}

it('makes a million UUIDv7, each after the one before, while the clock runs, stands still and goes back', () => {
  let reads = 0;
  const running = createRequestIds(() => now + Math.floor(reads++ / 3));
  expect(countOdd(running, 1_000_000)).toEqual({ malformed: 0, unsorted: 0 });
  expect(
    countOdd(
      createRequestIds(() => now),
      1_000_000,
    ),
  ).toEqual({ malformed: 0, unsorted: 0 });
  const falling = createRequestIds(() => now - reads++);
  expect(countOdd(falling, 100_000)).toEqual({ malformed: 0, unsorted: 0 });
});

it('makes other ids than another maker in the same millisecond', () => {
  const makers = [createRequestIds(() => now), createRequestIds(() => now)];
  const ids = makers.flatMap((next) => Array.from({ length: 5_000 }, next));
  expect(new Set(ids).size).toBe(10_000);
});

it('holds the time of the clock, a count within the millisecond, and what was drawn once', () => {
  const next = createRequestIds(toClock(now, now, now + 1, now + 1), Buffer.from('ffeeddccbbaa9988', 'hex'));
  const hex = now.toString(16).padStart(12, '0');
  const time = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  expect(next()).toBe(`${time}-7000-bfee-ddccbbaa9988`);
  expect(next()).toBe(`${time}-7001-bfee-ddccbbaa9988`);
  const later = next();
  expect(readUuidV7Time(later)).toBe(now + 1);
  expect(later.slice(14)).toBe('7000-bfee-ddccbbaa9988');
});

it('goes ahead of a clock that stands still once a millisecond is used up, and not by more than that', () => {
  const next = createRequestIds(() => now);
  const times = Array.from({ length: 3 * 4_096 }, () => readUuidV7Time(next()));
  expect([times[0], times[4_095], times[4_096], times.at(-1)]).toEqual([now, now, now + 1, now + 2]);
});

it('does not go back with the clock, and follows it again once it has caught up', () => {
  const next = createRequestIds(toClock(now, now - 60_000, now + 5));
  expect([next(), next(), next()].map(readUuidV7Time)).toEqual([now, now, now + 5]);
});
