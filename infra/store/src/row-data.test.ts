import { describe, expect, it } from 'vitest';
import { toDateTime64 } from './row-data.ts';

describe('an instant', () => {
  it.each([
    ['of now', Date.UTC(2026, 10, 22, 6, 5, 4, 3), '2026-11-22 06:05:04.003'],
    ['on the second', Date.UTC(2026, 10, 22, 6, 5, 4), '2026-11-22 06:05:04.000'],
    ['at the epoch', 0, '1970-01-01 00:00:00.000'],
    ['a millisecond before the epoch', -1, '1969-12-31 23:59:59.999'],
    ['before what the engine holds', Date.UTC(1801, 1, 1), '1900-01-01 00:00:00.000'],
    ['after what the engine holds', Date.UTC(2500, 1, 1), '2299-12-31 23:59:59.999'],
    ['with a part of a millisecond', 1_500.9, '1970-01-01 00:00:01.500'],
  ])('%s is written in UTC to the millisecond', (_name, at, text) => {
    expect(toDateTime64(at)).toBe(text);
  });

  it('is right after more seconds than are kept', () => {
    const start = Date.UTC(2026, 0, 1);
    for (let second = 0; second < 12_000; second += 1) toDateTime64(start + second * 1_000);
    expect(toDateTime64(start + 5_000)).toBe('2026-01-01 00:00:05.000');
  });
});
