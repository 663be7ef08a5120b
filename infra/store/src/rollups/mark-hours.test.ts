import { expect, it } from 'vitest';
import { sampleRow } from '../../test/sample-row.ts';
import type { HourState } from './hour-state.ts';
import { joinHours, selectTouched, toMark, toTouched } from './mark-hours.ts';

const touched: HourState = {
  projectId: 'prj_a',
  hour: 0,
  marked: 0,
  taken: 0,
  built: 0,
  broad: 0,
  sessionsBuilt: 0,
  crowded: 0,
  firstExpiry: '2027-01-01',
  retainUntil: '2027-01-02',
};

it('marks an hour that nobody knows with the time', () => {
  expect(toMark(touched, undefined, 7_000)).toEqual({ ...touched, marked: 7_000 });
});

it('leaves an hour that waits: whoever takes it reads these rows too', () => {
  expect(toMark(touched, { ...touched, marked: 5 }, 7_000)).toBeNull();
});

it.each([
  ['that is being made', { marked: 5, taken: 5, built: 3 }],
  ['that is made', { marked: 5, taken: 5, built: 5 }],
])('marks an hour %s above what was taken, whatever the clock says', (_name, known) => {
  expect(toMark(touched, { ...touched, ...known }, 0)?.marked).toBe(6);
  expect(toMark(touched, { ...touched, ...known }, 7_000)?.marked).toBe(7_000);
});

it('notes that an event goes earlier or stays longer than those of before', () => {
  const waiting = { ...touched, marked: 5 };
  expect(toMark(touched, { ...waiting, firstExpiry: '2027-01-02' }, 7)).toMatchObject({ firstExpiry: '2027-01-01' });
  expect(toMark(touched, { ...waiting, retainUntil: '2027-01-01' }, 7)).toMatchObject({ retainUntil: '2027-01-02' });
});

it('gives a mark that stays as long as what was known of the hour, and tells its first expiry', () => {
  const made = { ...touched, marked: 5, taken: 5, built: 5, firstExpiry: '2026-12-01', retainUntil: '2027-03-01' };
  expect(toMark(touched, made, 7)).toMatchObject({ marked: 7, firstExpiry: '2026-12-01', retainUntil: '2027-03-01' });
});

it('reads the hours of the ranges alone', () => {
  const { sql, params } = selectTouched([{ logId: 'log', partition: 3, firstOffset: 5, lastOffset: 9 }]);
  expect(sql).toContain('_offset BETWEEN {first0:UInt64} AND {last0:UInt64}');
  expect(params).toEqual({ log0: 'log', partition0: 3, first0: 5, last0: 9 });
});

it('joins what several batches tell of an hour', () => {
  const hours = [
    { ...touched, firstExpiry: '2027-01-02', retainUntil: '2027-01-05' },
    { ...touched, projectId: 'prj_b' },
    { ...touched, firstExpiry: '2027-01-01', retainUntil: '2027-01-03' },
  ];
  expect(joinHours(hours)).toEqual([
    { ...touched, firstExpiry: '2027-01-01', retainUntil: '2027-01-05' },
    { ...touched, projectId: 'prj_b' },
  ]);
});

it('finds the hours of rows by project, with their first and last day', () => {
  const row = (project_id: string, timestamp: number, retain_until: string) =>
    sampleRow({ project_id, timestamp, retain_until });
  const rows = [
    row('prj_a', 3_600_000, '2027-01-03'),
    row('prj_b', 3_600_000, '2027-02-01'),
    row('prj_a', 7_199_999, '2027-01-01'),
    row('prj_a', 3_600_001, '2027-01-05'),
    row('prj_a', -1, '2027-01-02'),
  ];
  expect(toTouched(rows)).toEqual([
    { ...touched, hour: 3_600_000, firstExpiry: '2027-01-01', retainUntil: '2027-01-05' },
    { ...touched, hour: -3_600_000, firstExpiry: '2027-01-02', retainUntil: '2027-01-02' },
    { ...touched, projectId: 'prj_b', hour: 3_600_000, firstExpiry: '2027-02-01', retainUntil: '2027-02-01' },
  ]);
});
