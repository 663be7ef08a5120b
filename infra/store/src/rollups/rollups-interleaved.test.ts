import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { type InterruptedEngine, toInterruptedEngine } from '../../test/rollups/interrupted-engine.ts';
import { sampleId, sampleRow } from '../../test/sample-row.ts';
import { createClickHouseEventStore } from '../clickhouse-event-store.ts';
import type { Engine } from '../engine.ts';
import type { RowBatch } from '../event-store.ts';
import { createClickHouseRollupStore } from './clickhouse-rollup-store.ts';

const hour = Date.UTC(2026, 4, 1, 10);
const now = hour + 864e5;
const day = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
const round = {
  aborted: new AbortController().signal,
  onError(error: unknown): never {
    throw error;
  },
};

let test: TestStore;
let engine: InterruptedEngine;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
  engine = toInterruptedEngine(test.engine);
});
afterAll(() => test.store.close());

const make = (on: Engine) =>
  createClickHouseRollupStore(
    on,
    () => now,
    async () => undefined,
  ).makeRound(round);
const insert = (on: Engine, batch: RowBatch) => createClickHouseEventStore(on, () => now).insert(batch);
const kill = (): Promise<never> => Promise.reject(new Error('killed'));

let offset = 0;
/** A batch of one event in the hour, of a session of its own. */
function toBatch(project_id: string): RowBatch {
  offset += 1;
  const id = sampleId(offset);
  const event = { project_id, event_id: id, session_id: id, timestamp: hour, day: '2026-05-01' };
  const rows = [sampleRow({ ...event, _log: 'log-a', _offset: offset })];
  return { logId: 'log-a', partition: 0, firstOffset: offset, lastOffset: offset, rows, isWhole: true };
}

/** Events of the hour, as the rollup and what is stale tell; its sessions, which are as many, must tell the same. */
async function countOf(projectId: string): Promise<unknown> {
  const question = { question: 'overview', ...day, timezone: 'UTC' } as const;
  const { rows } = await test.reader.ask(projectId, { ...question, filters: [], measures: ['events'] });
  const { rows: ofSessions } = await test.reader.ask(projectId, {
    ...question,
    filters: [],
    measures: ['events', 'sessions'],
  });
  expect(ofSessions[0]).toEqual([rows[0]?.[0], rows[0]?.[0]]);
  return rows[0]?.[0];
}

/** Each statement of a round, and of an insert that marks; a round has eight, an insert five. */
const statements = [1, 2, 3, 4, 5, 6, 7, 8];

it.each(statements)('counts what is stored after statement %i of a round', async (at) => {
  const project = `prj_stored_${at}`;
  await insert(test.engine, toBatch(project));
  engine.interruptAt(at, 'after', () => insert(test.engine, toBatch(project)));
  await make(engine);
  expect(await countOf(project)).toBe(2);
  await make(test.engine);
  expect(await countOf(project)).toBe(2);
});

it.each(statements)('counts what is stored where a round was killed after statement %i', async (at) => {
  const project = `prj_killed_${at}`;
  await insert(test.engine, toBatch(project));
  await make(test.engine);
  await insert(test.engine, toBatch(project));
  engine.interruptAt(at, 'after', kill);
  await expect(make(engine)).rejects.toThrow('killed');
  expect(await countOf(project)).toBe(2);
  await insert(test.engine, toBatch(project));
  expect(await countOf(project)).toBe(3);
  await make(test.engine);
  expect(await countOf(project)).toBe(3);
});

it.each(statements.slice(0, 5))(
  'counts what is stored where a round is run after statement %i of an insert',
  async (at) => {
    const project = `prj_made_${at}`;
    await insert(test.engine, toBatch(project));
    await make(test.engine);
    engine.interruptAt(at, 'after', () => make(test.engine));
    await insert(engine, toBatch(project));
    expect(await countOf(project)).toBe(2);
    await make(test.engine);
    expect(await countOf(project)).toBe(2);
  },
);

it.each(statements.slice(0, 4))(
  'counts what an insert that was killed after statement %i left, once it is given again',
  async (at) => {
    const project = `prj_left_${at}`;
    await insert(test.engine, toBatch(project));
    await make(test.engine);
    const batch = toBatch(project);
    engine.interruptAt(at, 'after', kill);
    await expect(insert(engine, batch)).rejects.toThrow('killed');
    // The processor leaves out what is held: nothing is left of it.
    await insert(test.engine, { ...batch, rows: [], isWhole: false });
    expect(await countOf(project)).toBe(2);
    await make(test.engine);
    expect(await countOf(project)).toBe(2);
  },
);

// After the third a round has its counts, after the fifth and sixth its sessions too.
it.each([3, 5, 6])(
  'counts once where another round is run after statement %i of one, of what came since',
  async (at) => {
    const project = `prj_twice_${at}`;
    await insert(test.engine, toBatch(project));
    engine.interruptAt(at, 'after', async () => {
      await insert(test.engine, toBatch(project));
      await make(test.engine);
    });
    await make(engine);
    expect(await countOf(project)).toBe(2);
  },
);
