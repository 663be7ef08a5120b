import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '@px-platform/schemas';
import { afterAll, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import { migrate } from '../migrate.ts';
import { createClickHouseRollupStore } from './clickhouse-rollup-store.ts';

const path = mkdtempSync(join(tmpdir(), 'px-migrate-rollups-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

it('finds the hours of a store that had no rollups stale, also where it broke off, and makes them', async () => {
  const clock = (): number => Date.UTC(2026, 5, 1);
  const options = { clock, isSole: true };
  const migrations = readMigrations();
  const at = migrations.findIndex(({ name }) => name.endsWith('_rollups'));
  const rollups = migrations[at];
  if (rollups === undefined) throw new Error('there is no such migration');
  await migrate(engine, { ...options, migrations: migrations.slice(0, at) });
  const sql = `INSERT INTO events (project_id, day, event, event_id, timestamp, path, retain_until)
SELECT 'prj_before', '2026-05-01', 'page_view', generateUUIDv4(), toDateTime64('1969-12-31 22:00:00.5', 3, 'UTC') + toIntervalMinute(20 * number), '/', '2149-01-01' FROM numbers(10)`;
  await engine.run({ sql, params: {} });
  const broken = { ...rollups, statements: [...rollups.statements, 'SELECT * FROM nowhere'] };
  const breaking = migrate(engine, { ...options, migrations: [...migrations.slice(0, at), broken] });
  await expect(breaking).rejects.toMatchObject({ code: 'migration_failed' });
  await migrate(engine, { ...options, migrations });

  const store = createClickHouseRollupStore(engine, clock, async () => undefined);
  const range = { from: Date.UTC(1969, 11, 31, 12), to: Date.UTC(1970, 0, 1, 12) };
  expect(await store.progress('prj_before', range)).toEqual({ hours: 4, waiting: 4 });
  const aborted = new AbortController().signal;
  await store.makeRound({ aborted, onError: (error) => expect.unreachable(String(error)) });
  expect(await store.check('prj_before', range)).toEqual({ checked: 24, stale: 0, differences: [] });
});
