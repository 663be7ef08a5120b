import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { questionSchema, readMigrations } from '@px-platform/schemas';
import { afterAll, expect, it } from 'vitest';
import { askEvents, askMade } from '../../test/rollups/ask-events.ts';
import { connectEmbedded } from '../connect-embedded.ts';
import { migrate } from '../migrate.ts';
import { createClickHouseRollupStore } from './clickhouse-rollup-store.ts';

const path = mkdtempSync(join(tmpdir(), 'px-migrate-session-hours-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

it('makes the sessions of hours that were made before there were any, and counts from their rollups meanwhile', async () => {
  const project = 'prj_before';
  const clock = (): number => Date.UTC(2026, 5, 1);
  const options = { clock, isSole: true };
  const migrations = readMigrations();
  const at = migrations.findIndex(({ name }) => name.endsWith('_session_hours'));
  await migrate(engine, { ...options, migrations: migrations.slice(0, at) });
  await engine.run({
    sql: `INSERT INTO events (project_id, day, event, event_id, session_id, own_person_key, timestamp, path, retain_until)
SELECT '${project}', '2026-05-01', 'page_view', generateUUIDv4(), generateUUIDv4(), 'anna', toDateTime64('2026-05-01 01:30:00', 3, 'UTC') + toIntervalHour(number), '/', '2149-01-01' FROM numbers(3)`,
    params: {},
  });
  await engine.run({
    sql: `INSERT INTO rollups (project_id, dimension, hour, version, is_whole, counts.event, counts.value, counts.events, retain_until)
SELECT '${project}', 'event', toDateTime64('2026-05-01 01:00:00', 0, 'UTC') + toIntervalHour(number), 7, true, ['page_view'], [''], [1], '2149-01-01' FROM numbers(3)`,
    params: {},
  });
  await engine.run({
    sql: `INSERT INTO rollup_hours SELECT project_id, hour, 7, 7, 7, 0, retain_until, retain_until FROM rollups`,
    params: {},
  });
  await migrate(engine, { ...options, migrations });

  const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-01T12:00:00Z' };
  const counts = questionSchema.parse({ question: 'overview', ...range, measures: ['events'] });
  const sessions = questionSchema.parse({ question: 'timeseries', ...range, interval: 'hour' });
  const readsEvents = async (): Promise<unknown> => {
    const { rows } = await engine.ask({
      sql: 'SELECT count() FROM session_hours SETTINGS output_format_json_quote_64bit_integers = 0',
      params: {},
    });
    return rows[0]?.[0] === 0;
  };
  const told = await askEvents(engine, project, sessions);
  expect(await askMade(engine, project, counts)).toEqual([[3]]);
  expect(await readsEvents()).toBe(true);
  expect(await askMade(engine, project, sessions)).toEqual(told);

  const store = createClickHouseRollupStore(engine, clock, async () => undefined);
  const day = { from: Date.parse(range.from), to: Date.parse(range.to) };
  expect(await store.progress(project, day)).toEqual({ hours: 3, waiting: 3 });
  const onError = (error: unknown) => expect.unreachable(String(error));
  expect(await store.makeRound({ aborted: new AbortController().signal, onError })).toBe(3);
  expect(await store.progress(project, day)).toEqual({ hours: 3, waiting: 0 });
  expect(await store.check(project, day)).toEqual({ checked: 12, stale: 0, differences: [] });
  expect(await readsEvents()).toBe(false);
  expect(await askMade(engine, project, sessions)).toEqual(told);

  // A process of before stores an event and makes its hour: it knows of no sessions.
  await engine.run({
    sql: `INSERT INTO events SELECT * REPLACE (generateUUIDv4() AS event_id, generateUUIDv4() AS session_id) FROM events WHERE project_id = '${project}' LIMIT 1`,
    params: {},
  });
  await engine.run({
    sql: `INSERT INTO rollup_hours (project_id, hour, marked, taken, built, first_expiry, retain_until)
SELECT project_id, hour, max(marked) + 1, max(marked) + 1, max(marked) + 1, min(first_expiry), max(retain_until) FROM rollup_hours GROUP BY project_id, hour`,
    params: {},
  });
  const later = await askEvents(engine, project, sessions);
  expect(later).not.toEqual(told);
  expect(await askMade(engine, project, sessions)).toEqual(later);
  expect(await store.progress(project, day)).toEqual({ hours: 3, waiting: 3 });
});
