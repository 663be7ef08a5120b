import { eventColumns } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { sampleRow } from '../test/sample-row.ts';
import { toRowData } from './row-data.ts';

async function timesOf(at: number): Promise<unknown[]> {
  const [line] = await toRowData([sampleRow({ timestamp: at, received_at: at })]);
  const values: unknown[] = JSON.parse(line ?? '[]');
  return [values[eventColumns.indexOf('timestamp')], values[eventColumns.indexOf('received_at')]];
}

describe('an instant', () => {
  it.each([
    ['of now', Date.UTC(2026, 10, 22, 6, 5, 4, 3), '2026-11-22 06:05:04.003'],
    ['on the second', Date.UTC(2026, 10, 22, 6, 5, 4), '2026-11-22 06:05:04.000'],
    ['at the epoch', 0, '1970-01-01 00:00:00.000'],
    ['a millisecond before the epoch', -1, '1969-12-31 23:59:59.999'],
    ['before what the engine holds', Date.UTC(1801, 1, 1), '1900-01-01 00:00:00.000'],
    ['after what the engine holds', Date.UTC(2500, 1, 1), '2299-12-31 23:59:59.999'],
    ['with a part of a millisecond', 1_500.9, '1970-01-01 00:00:01.500'],
  ])('%s is written in UTC to the millisecond', async (_name, at, text) => {
    expect(await timesOf(at)).toEqual([text, text]);
  });

  it('is right after more seconds than are kept', async () => {
    const start = Date.UTC(2026, 0, 1);
    const rows = Array.from({ length: 12_000 }, (_, second) => sampleRow({ timestamp: start + second * 1_000 }));
    await toRowData(rows);
    expect((await timesOf(start + 5_000))[0]).toBe('2026-01-01 00:00:05.000');
  });
});

it('writes one line a row, in their order, in parts of at most 200', async () => {
  const rows = Array.from({ length: 450 }, (_, index) => sampleRow({ _offset: index }));
  const parts = await toRowData(rows);
  const lines = parts.map((part) => part.split('\n').map((line): unknown[] => JSON.parse(line)));
  expect(lines.map((part) => part.length)).toEqual([200, 200, 50]);
  expect(lines.flat().map((values) => values[eventColumns.indexOf('_offset')])).toEqual(rows.map((row) => row._offset));
});
