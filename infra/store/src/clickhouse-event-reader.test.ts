import { AppError } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { createClickHouseEventReader } from './clickhouse-event-reader.ts';
import type { Engine } from './engine.ts';
import type { Statement } from './statement.ts';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 4, 1);

/** An engine that holds rows received at these instants, and takes no more than `maxRows` in one slice. */
function engineOf(receivedAt: readonly number[], maxRows: number): { engine: Engine; slices: number[] } {
  const slices: number[] = [];
  const ask = async ({ params }: Statement): ReturnType<Engine['ask']> => {
    const [from, to, at, offset] = ['from', 'to', 'at', 'offset'].map((name) => Number(params[name] ?? -1));
    if (from === undefined || to === undefined || at === undefined || offset === undefined) throw new Error('no range');
    const within = receivedAt.flatMap((time, place) => (time >= from && time < to ? [{ time, place }] : []));
    if (within.length > maxRows) throw new AppError('query_over_budget', 'too many rows');
    slices.push(to - from);
    const next = within.filter(({ time, place }) => time > at || (time === at && place > offset));
    const columns = ['received_at', '_log', '_partition', '_offset', '_index'];
    const rows = next.slice(0, Number(params['limit'])).map(({ time, place }) => {
      return [new Date(time).toISOString(), 'log-a', 0, place, 0];
    });
    return { columns, rows, rowsRead: within.length };
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    engine: { ask, run: nothing, insert: nothing, askEach: async () => [], insertBinary: nothing, close: nothing },
    slices,
  };
}

async function exportOffsets(engine: Engine, range: { from: number; to: number }): Promise<number[]> {
  const offsets: number[] = [];
  for await (const page of createClickHouseEventReader(engine).exportRows('prj_a', range)) {
    offsets.push(...page.map((row) => Number(row['_offset'])));
  }
  return offsets;
}

/** A row every 10 ms for ten minutes, after a silence of a year. */
const dense = Array.from({ length: 60_000 }, (_, at) => start + at * 10);
const range = { from: start - 365 * 24 * hourMs, to: start + 24 * hourMs };

it('narrows its slices where rows are dense after a long silence', async () => {
  const { engine, slices } = engineOf(dense, Number.POSITIVE_INFINITY);
  expect(await exportOffsets(engine, range)).toEqual(dense.map((_, at) => at));
  // Those in the dense time hold about two pages, so that nothing is read over and over.
  expect(slices.filter((sliceMs) => sliceMs <= 2 * 5_000 * 10).length).toBeGreaterThan(10);
  expect(slices.length).toBeLessThan(40);
});

it('takes a narrower slice where one is over the budget', async () => {
  const { engine } = engineOf(dense, 10_000);
  expect(await exportOffsets(engine, range)).toEqual(dense.map((_, at) => at));
});

it('gives up where the narrowest is over it too', async () => {
  const { engine } = engineOf(dense, 50);
  await expect(exportOffsets(engine, range)).rejects.toMatchObject({ code: 'query_over_budget' });
});

it('asks little of an empty year', async () => {
  const { engine, slices } = engineOf([], 1);
  expect(await exportOffsets(engine, range)).toEqual([]);
  expect(slices.length).toBeLessThan(15);
});
