import { expect, it } from 'vitest';
import { toUtcDay } from './utc-day.ts';

it('gives the UTC day, the same each time', () => {
  expect(toUtcDay(Date.UTC(2026, 10, 22, 23, 59, 59, 999))).toBe('2026-11-22');
  expect(toUtcDay(Date.UTC(2026, 10, 23))).toBe('2026-11-23');
  expect(toUtcDay(Date.UTC(2026, 10, 22))).toBe('2026-11-22');
});

it('keeps to the days that ClickHouse can hold', () => {
  expect(toUtcDay(-1)).toBe('1970-01-01');
  expect(toUtcDay(Date.UTC(2149, 5, 6, 12))).toBe('2149-06-06');
  expect(toUtcDay(Date.UTC(2200, 0, 1))).toBe('2149-06-06');
});
