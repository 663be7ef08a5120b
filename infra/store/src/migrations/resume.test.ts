import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '@px-platform/schemas';
import { afterAll, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import type { Engine } from '../engine.ts';
import { migrate } from '../migrate.ts';
import { findDifferences } from '../self-check/check-tables.ts';
import { readLedger } from './ledger.ts';

const path = mkdtempSync(join(tmpdir(), 'px-resume-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const options = { clock: () => Date.UTC(2026, 4, 1), isSole: true };

/** The engine of a process that is killed before the statement `at` of a migration, or before it is noted as applied: nothing is said to it any more. */
function killedBefore(statements: readonly string[], at: number): Engine {
  let isKilled = false;
  const lives = <T>(call: () => Promise<T>): Promise<T> => (isKilled ? Promise.reject(new Error('killed')) : call());
  return {
    run(statement) {
      isKilled ||= statement.sql === statements[at] || (at === statements.length && isNote(statement.sql));
      return lives(() => engine.run(statement));
    },
    ask: (statement) => lives(() => engine.ask(statement)),
    askEach: (statement, toItem) => lives(() => engine.askEach(statement, toItem)),
    insert: (sql, data) => lives(() => engine.insert(sql, data)),
    insertBinary: (statement, rows) => lives(() => engine.insertBinary(statement, rows)),
    close: async () => undefined,
  };
}

const isNote = (sql: string): boolean => sql.startsWith('INSERT INTO schema_migrations');

/** Places of statements to be killed before, and the end: of columns added one after the other, the first and the last. */
function boundaries(statements: readonly string[]): number[] {
  const isAdd = (at: number): boolean => / ADD COLUMN /.test(statements[at] ?? '');
  return [...statements.keys(), statements.length].filter((at) => !isAdd(at) || !isAdd(at - 1) || !isAdd(at + 1));
}

it('makes the same tables wherever a process that migrates is killed, again and again', async () => {
  const migrations = readMigrations();
  let kills = 0;
  for (const [at, { statements }] of migrations.entries()) {
    const upToHere = { ...options, migrations: migrations.slice(0, at + 1) };
    for (const done of boundaries(statements)) {
      await expect(migrate(killedBefore(statements, done), upToHere)).rejects.toThrow('killed');
      kills += 1;
    }
    await migrate(engine, upToHere);
  }
  expect(kills).toBeGreaterThan(3 * migrations.length);
  expect((await readLedger(engine)).map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
  expect(await findDifferences(engine, null)).toEqual([]);
  const locks = "SELECT count() FROM system.tables WHERE startsWith(name, 'migration_lock')";
  expect((await engine.ask({ sql: locks, params: {} })).rows).toEqual([[0]]);
}, 120_000);
