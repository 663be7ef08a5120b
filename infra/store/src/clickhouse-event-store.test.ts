import { systemClock } from '@px-platform/runtime';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { openEmbeddedTestStore } from '../test/open-test-store.ts';
import { sampleId, sampleRow } from '../test/sample-row.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import type { Engine } from './engine.ts';
import type { RowBatch } from './event-store.ts';

const test = await openEmbeddedTestStore();
afterAll(() => test.store.close());

const partitions = 6;
const statements: string[] = [];
beforeEach(() => statements.splice(0));

const counted: Engine = {
  ...test.engine,
  run: (statement) => note(statement.sql, () => test.engine.run(statement)),
  ask: (statement) => note(statement.sql, () => test.engine.ask(statement)),
  insertBinary: (statement, rows) => note(statement.into, () => test.engine.insertBinary(statement, rows)),
};

function note<T>(sql: string, call: () => Promise<T>): Promise<T> {
  statements.push(/(?:INTO|FROM) (\w+)/.exec(sql)?.[1] ?? '');
  return call();
}

/** Batches of several partitions, two rows of one session each. `isWhole` says that no row is held already. */
function makeBatches(projectId: string, isWhole: boolean): RowBatch[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    logId: `log-${projectId}`,
    partition,
    firstOffset: 0,
    lastOffset: 1,
    isWhole,
    rows: [0, 1].map((offset) =>
      sampleRow({
        project_id: projectId,
        event_id: sampleId(partition * 2 + offset),
        session_id: sampleId(1_000 + partition),
        _log: `log-${projectId}`,
        _partition: partition,
        _offset: offset,
      }),
    ),
  }));
}

async function readCounts(projectId: string): Promise<number[][]> {
  const { rows } = await test.engine.ask({
    sql: `SELECT
  (SELECT count() FROM events WHERE project_id = {project:String}),
  (SELECT sum(events) FROM sessions_v WHERE project_id = {project:String}),
  (SELECT uniqExact(hour) FROM rollup_hours WHERE project_id = {project:String})`,
    params: { project: projectId },
  });
  return rows.map((row) => row.map(Number));
}

it.each([
  ['whole', true],
  ['in part', false],
])('derives and marks once for all batches that wait at the same time, %s', async (name, isWhole) => {
  const store = createClickHouseEventStore(counted, systemClock);
  const batches = makeBatches(`prj_shared_${isWhole}`, isWhole);
  await Promise.all(batches.map((batch) => store.insert(batch)));
  expect(await readCounts(`prj_shared_${isWhole}`), name).toEqual([[partitions * 2, partitions * 2, 1]]);
  expect(statements.filter((table) => table === 'events').length).toBeGreaterThanOrEqual(partitions);
  // The first does not wait for others; those that come meanwhile share the next.
  expect(statements.filter((table) => table === 'sessions').length).toBeLessThan(partitions);
  expect(statements.filter((table) => table === 'rollup_hours').length).toBeLessThan(partitions);
});

it('lets a batch whose sessions can not be derived fail alone', async () => {
  const failing: Engine = {
    ...counted,
    run: (statement) =>
      Object.values(statement.params).includes(3) && statement.sql.includes('INSERT INTO sessions')
        ? Promise.reject(new Error('refused'))
        : counted.run(statement),
  };
  const store = createClickHouseEventStore(failing, systemClock);
  const outcomes = await Promise.allSettled(makeBatches('prj_alone', true).map((batch) => store.insert(batch)));
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, true, false, true, true]);
  expect(await readCounts('prj_alone')).toEqual([[partitions * 2, (partitions - 1) * 2, 1]]);
});
