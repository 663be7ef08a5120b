import { setTimeout } from 'node:timers/promises';
import { questionSchema } from '@px-platform/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { askMade } from '../../test/rollups/ask-events.ts';
import { storeEvents } from '../../test/store-events.ts';
import type { Engine } from '../engine.ts';
import { createClickHouseRollupStore } from './clickhouse-rollup-store.ts';

const hourMs = 3_600_000;
const day = Date.UTC(2026, 4, 1);
const range = { from: day, to: day + 24 * hourMs };
const never = new AbortController().signal;
const onError = (error: unknown): never => expect.unreachable(String(error));
const round = { aborted: never, onError };

let test: TestStore;
let now = 0;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
});
afterAll(() => test.store.close());

const openRollups = (engine: Engine = test.engine) =>
  createClickHouseRollupStore(
    engine,
    () => now,
    async () => undefined,
  );

/** Stores an event in each of these hours of the day, and makes what is over at `now`. */
async function openDay(projectId: string, partition: number, hours: readonly number[]) {
  const events = hours.map((hour) => ({ timestamp: day + hour * hourMs }));
  await storeEvents(test.store, { projectId, partition }, events);
  now = day + 48 * hourMs;
  const rollups = openRollups();
  await rollups.makeRound(round);
  return rollups;
}

it('makes no hour before it has been over for ten minutes', async () => {
  await storeEvents(test.store, { projectId: 'prj_over', partition: 1 }, [{ timestamp: day }]);
  const rollups = openRollups();
  now = day + hourMs + 10 * 60_000 - 1;
  await rollups.makeRound(round);
  expect(await rollups.progress('prj_over', range)).toEqual({ hours: 0, waiting: 0 });
  expect(await rollups.check('prj_over', range)).toMatchObject({ stale: 1, differences: [] });
  now += 1;
  expect(await rollups.progress('prj_over', range)).toEqual({ hours: 1, waiting: 1 });
  expect(await rollups.makeRound(round)).toBe(1);
  expect(await rollups.makeRound(round)).toBe(0);
  expect(await rollups.check('prj_over', range)).toEqual({ checked: 24, stale: 0, differences: [] });
});

it('names what differs, where a rollup tells too much or a mark was lost, and is right after a rebuild', async () => {
  const rollups = await openDay('prj_wrong', 2, [3, 5]);
  const of = { params: { project: 'prj_wrong' } };
  await test.engine.run({
    sql: `INSERT INTO rollups SELECT * REPLACE ([7] AS \`counts.events\`) FROM rollups FINAL WHERE project_id = {project:String} AND dimension = 'path' AND hour = '2026-05-01 03:00:00'`,
    ...of,
  });
  await test.engine.run({
    sql: `INSERT INTO session_hours SELECT * REPLACE (['/else'] AS \`stays.exit_path\`) FROM session_hours FINAL WHERE project_id = {project:String} AND hour = '2026-05-01 05:00:00'`,
    ...of,
  });
  await test.engine.run({
    sql: `INSERT INTO events (project_id, day, event, event_id, timestamp, path, retain_until) VALUES ({project:String}, '2026-05-01', 'click', generateUUIDv4(), '2026-05-01 08:30:00', '/lost', '2149-01-01')`,
    ...of,
  });
  const { differences } = await rollups.check('prj_wrong', range);
  expect(differences[0]).toEqual({
    hour: day + 3 * hourMs,
    dimension: 'path',
    event: 'page_view',
    value: '/beans',
    stored: 1,
    rolled: 7,
  });
  expect(differences.slice(1).map(({ hour, dimension, stored, rolled }) => [hour, dimension, stored, rolled])).toEqual([
    ...['channel', 'country', 'device', 'event', 'path'].map((dimension) => [day + 8 * hourMs, dimension, 1, 0]),
    // One stay that the events alone tell of, one that is told otherwise.
    [day + 5 * hourMs, 'session', 1, 1],
    [day + 8 * hourMs, 'session', 1, 0],
  ]);
  expect(await rollups.rebuild('prj_wrong', range)).toBe(3);
  expect(await rollups.makeRound(round)).toBe(3);
  expect(await rollups.check('prj_wrong', range)).toEqual({ checked: 24, stale: 0, differences: [] });
});

it('rebuilds the hours asked for alone, and none of another project', async () => {
  const rollups = await openDay('prj_some', 3, [0, 1, 2, 3]);
  await openDay('prj_other', 4, [1]);
  const some = { from: day + hourMs + 1, to: day + 3 * hourMs };
  expect(await rollups.rebuild('prj_some', some)).toBe(2);
  expect(await rollups.progress('prj_some', range)).toEqual({ hours: 4, waiting: 2 });
  expect(await rollups.progress('prj_other', range)).toEqual({ hours: 1, waiting: 0 });
  await rollups.makeRound(round);
});

it('reads from the events an hour of which something may be gone by TTL, and does not make it', async () => {
  const retain_until = new Date(Date.now() + 864e5).toISOString().slice(0, 10);
  await storeEvents(test.store, { projectId: 'prj_old', partition: 5 }, [{ timestamp: day, retain_until }]);
  await test.engine.run({
    sql: "INSERT INTO rollup_hours SELECT * REPLACE (yesterday() AS first_expiry) FROM rollup_hours WHERE project_id = 'prj_old'",
    params: {},
  });
  const rollups = openRollups();
  now = day + 48 * hourMs;
  expect(await rollups.makeRound(round)).toBe(0);
  expect(await rollups.check('prj_old', range)).toEqual({ checked: 23, stale: 1, differences: [] });
});

it('reads from the events the sessions of an hour that has more stays than a row is given, and its counts from the rollup', async () => {
  const project = 'prj_crowded';
  const insert = (hour: number, count: number) =>
    test.engine.run({
      sql: `INSERT INTO events (project_id, day, event, event_id, session_id, own_person_key, timestamp, path, retain_until)
SELECT {project:String}, '2026-05-01', 'page_view', generateUUIDv4(), generateUUIDv4(), 'anna', fromUnixTimestamp64Milli({at:Int64} + number), '/', '2149-01-01' FROM numbers({count:UInt32})`,
      params: { project, at: day + hour * hourMs, count },
    });
  await insert(1, 50_000);
  await insert(2, 50_001);
  now = day + 48 * hourMs;
  const rollups = openRollups();
  await rollups.rebuild(project, range);
  expect(await rollups.makeRound(round)).toBe(2);
  expect(await rollups.makeRound(round)).toBe(0);
  const { rows } = await test.engine.ask({
    sql: `SELECT max(crowded) = max(sessions_built), max(broad) = max(built) FROM rollup_hours WHERE project_id = {project:String} GROUP BY hour ORDER BY hour`,
    params: { project },
  });
  expect(rows).toEqual([
    [0, 0],
    [1, 0],
  ]);
  expect(await rollups.check(project, range)).toEqual({ checked: 23, stale: 1, differences: [] });
  const asked = { from: new Date(day).toISOString(), to: new Date(day + 24 * hourMs).toISOString() };
  const question = questionSchema.parse({ question: 'overview', ...asked, measures: ['sessions', 'events'] });
  expect(await askMade(test.engine, project, question)).toEqual([[100_001, 100_001]]);
  // What is no longer crowded is read from its row again.
  await test.engine.run({
    sql: 'DELETE FROM events WHERE project_id = {project:String} AND timestamp < fromUnixTimestamp64Milli({at:Int64})',
    params: { project, at: day + 2 * hourMs + 1 },
  });
  await rollups.rebuild(project, range);
  await rollups.makeRound(round);
  expect(await rollups.check(project, range)).toEqual({ checked: 24, stale: 0, differences: [] });
  expect(await askMade(test.engine, project, question)).toEqual([[50_000, 50_000]]);
});

it('counts who named an id that is blocked by their own, as the events do', async () => {
  const project = 'prj_blocked';
  const at = { timestamp: day, event: 'identify', user_id: 'shared' };
  await storeEvents(test.store, { projectId: project, partition: 9 }, [
    { ...at, anonymous_id: 'a', person_key: 'a' },
    { ...at, anonymous_id: 'b', person_key: 'b' },
  ]);
  now = day + 48 * hourMs;
  await openRollups().makeRound(round);
  const asked = { from: new Date(day).toISOString(), to: new Date(day + 24 * hourMs).toISOString() };
  const question = questionSchema.parse({ question: 'overview', ...asked, measures: ['visitors'] });
  expect(await askMade(test.engine, project, question)).toEqual([[1]]);
  const decided = { decision: 'block', decidedAt: now, decidedBy: 'op', note: '' } as const;
  await test.identity.decide([{ projectId: project, id: 'shared', ...decided }]);
  expect(await askMade(test.engine, project, question)).toEqual([[2]]);
});

it('goes on with other days where one can not be made', async () => {
  await storeEvents(test.store, { projectId: 'prj_one', partition: 6 }, [{ timestamp: day }]);
  await storeEvents(test.store, { projectId: 'prj_two', partition: 7 }, [{ timestamp: day }]);
  const errors: unknown[] = [];
  const failing: Engine = {
    ...test.engine,
    run: (statement) =>
      statement.params['project'] === 'prj_one' ? Promise.reject(new Error('too much')) : test.engine.run(statement),
  };
  const rollups = openRollups(failing);
  expect(await rollups.makeRound({ aborted: never, onError: (error) => errors.push(error) })).toBe(1);
  expect(errors).toEqual([new Error('too much')]);
  expect(await rollups.progress('prj_one', range)).toEqual({ hours: 1, waiting: 1 });
  expect(await openRollups().makeRound(round)).toBe(1);
});

it('keeps making until it is told to end, at once when a rebuild is asked for', async () => {
  await openDay('prj_kept', 8, [4]);
  const ending = new AbortController();
  const rests: number[] = [];
  const slept = Promise.withResolvers<void>();
  const rollups = createClickHouseRollupStore(
    test.engine,
    () => now,
    async (ms, aborted) => {
      if (ms !== 12_345) return;
      rests.push(ms);
      slept.resolve();
      await setTimeout(ms, undefined, { signal: aborted }).catch(() => undefined);
    },
  );
  const kept = rollups.keep({ intervalMs: 12_345, aborted: ending.signal, onError });
  await slept.promise;
  await rollups.rebuild('prj_kept', range);
  await expect.poll(() => rollups.progress('prj_kept', range), { timeout: 10_000 }).toEqual({ hours: 1, waiting: 0 });
  expect(rests.length).toBeGreaterThanOrEqual(1);
  ending.abort();
  await kept;
});
