import { expect, it } from 'vitest';
import { isWholeHourZone } from './whole-hour-zone.ts';

const year = (from: number, to = from + 1): [number, number] => [Date.UTC(from, 0, 1), Date.UTC(to, 0, 1) - 1];

it.each([
  ['UTC', 1990, 2090, true],
  ['Europe/Berlin', 2025, 2027, true],
  ['America/Sao_Paulo', 2017, 2018, true],
  ['Asia/Kolkata', 2026, 2027, false],
  ['Asia/Kathmandu', 2026, 2027, false],
  ['Australia/Lord_Howe', 2026, 2027, false],
  // North Korea was half an hour away from 2015 to 2018.
  ['Asia/Pyongyang', 2013, 2014, true],
  ['Asia/Pyongyang', 2013, 2017, false],
  ['Asia/Pyongyang', 2020, 2021, true],
])('%s from %i to %i: %s', (timezone, from, to, isWhole) => {
  expect(isWholeHourZone(timezone, ...year(from, to))).toBe(isWhole);
});
