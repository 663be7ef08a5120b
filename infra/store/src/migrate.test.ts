import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Migration, readMigrations } from '@px-platform/schemas';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectEmbedded } from './connect-embedded.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';
import { lockPace } from './migrations/migration-lock.ts';

const now = Date.UTC(2026, 4, 1);
const clock = (): number => now;
const first = toMigration(1, ['CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x']);
const second = toMigration(2, [
  'CREATE TABLE IF NOT EXISTS b (x UInt8) ENGINE = MergeTree ORDER BY x',
  'ALTER TABLE b ADD COLUMN IF NOT EXISTS y UInt8',
]);

let path: string;
let engine: Engine;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'px-migrate-'));
  engine = connectEmbedded(path);
});
afterEach(async () => {
  await engine.run({
    sql: 'DROP TABLE IF EXISTS a, b, schema_migrations, migration_lock SYNC',
    params: {},
  });
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const sole = { clock, isSole: true };
const shared = { clock, isSole: false };

async function lockFor(since: number): Promise<void> {
  const sql = `CREATE TABLE migration_lock (x UInt8) ENGINE = Memory COMMENT '${since} another'`;
  await engine.run({ sql, params: {} });
}

async function read(sql: string): Promise<unknown[][]> {
  return (await engine.ask({ sql, params: {} })).rows;
}

const locks =
  "SELECT count() FROM system.tables WHERE startsWith(name, 'migration_lock') AND database = currentDatabase()";
const countLocks = async (): Promise<number> => Number((await read(locks))[0]?.[0]);

it('applies each migration once, in order', async () => {
  expect(await migrate(engine, { ...sole, migrations: [first] })).toEqual(['0001_test']);
  expect(await migrate(engine, { ...sole, migrations: [first, second] })).toEqual(['0002_test']);
  expect(await migrate(engine, { ...sole, migrations: [first, second] })).toEqual([]);
  expect(await read('SELECT number, name FROM schema_migrations ORDER BY number')).toEqual([
    [1, '0001_test'],
    [2, '0002_test'],
  ]);
  expect(await countLocks()).toBe(0);
});

it('refuses a migration whose text was changed after it was applied', async () => {
  await migrate(engine, { ...sole, migrations: [first] });
  const changed = migrate(engine, { ...sole, migrations: [{ ...first, checksum: 'another' }, second] });
  await expect(changed).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('0001_test was changed'),
  });
  expect(await read("SELECT name FROM system.tables WHERE name = 'b' AND database = currentDatabase()")).toEqual([]);
});

it('refuses a store that is ahead of this code', async () => {
  await migrate(engine, { ...sole, migrations: [first, second] });
  await expect(migrate(engine, { ...sole, migrations: [first] })).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('The store is at DDL 2, this version knows 1'),
  });
});

it('goes on where a statement failed, once it is right', async () => {
  const broken = { ...second, statements: [...second.statements.slice(0, 1), 'ALTER TABLE nothing DROP COLUMN y'] };
  await expect(migrate(engine, { ...sole, migrations: [first, broken] })).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('0002_test'),
    cause: expect.any(Error),
  });
  expect(await countLocks()).toBe(0);
  expect(await migrate(engine, { ...sole, migrations: [first, second] })).toEqual(['0002_test']);
});

it('waits while another holds the lock, and applies what that one left', async () => {
  await lockFor(now - 1_000);
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    if (waits.length === 3) await engine.run({ sql: 'DROP TABLE migration_lock SYNC', params: {} });
  };
  expect(await migrate(engine, { ...shared, wait, migrations: [first] })).toEqual(['0001_test']);
  expect(waits).toEqual([1_000, 1_000, 1_000]);
});

it('gives up after a while, and leaves the lock to its holder, who lives', async () => {
  await lockFor(now);
  const pace = { ...lockPace, giveUpAfterTries: lockPace.deadAfterTries + 5 };
  let waitedMs = 0;
  const wait = async (ms: number): Promise<void> => {
    waitedMs += ms;
    await engine.run({ sql: 'INSERT INTO migration_lock VALUES (1)', params: {} });
  };
  await expect(migrate(engine, { ...shared, wait, pace, migrations: [first] })).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('migration_lock'),
  });
  expect(waitedMs).toBe(20_000);
  expect(await countLocks()).toBe(1);
});

it.each([
  ['has given no sign of life for 15 s, however young', shared, now, 15],
  ['is found in a folder that no other process can work on', sole, now, 0],
])('takes over a lock that %s', async (_name, options, since, looks) => {
  await lockFor(since);
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
  };
  expect(await migrate(engine, { ...options, wait, migrations: [first] })).toEqual(['0001_test']);
  expect(waits).toEqual(Array.from({ length: looks }, () => 1_000));
  expect(await countLocks()).toBe(0);
});

it('leaves the lock to one who took it over meanwhile, and stops', async () => {
  let time = now;
  const steals: Engine = {
    ...engine,
    async run(statement) {
      await engine.run(statement);
      if (!statement.sql.includes('EXISTS a')) return;
      time += 60_000;
      await engine.run({ sql: 'DROP TABLE migration_lock SYNC', params: {} });
      await lockFor(time);
    },
  };
  const stopping = migrate(steals, { clock: () => time, isSole: false, migrations: [first, second] });
  await expect(stopping).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('went to another process'),
  });
  expect(await countLocks()).toBe(1);
  expect(await read('SELECT count() FROM schema_migrations')).toEqual([[0]]);
});

it('applies each migration once where two begin together', async () => {
  const other = connectEmbedded(path);
  try {
    const migrations = readMigrations();
    const pace = { ...lockPace, beatMs: 500, tryMs: 50, deadAfterTries: 100 };
    const applied = await Promise.all([engine, other].map((one) => migrate(one, { ...shared, pace, migrations })));
    expect(applied.flat().toSorted()).toEqual(migrations.map((migration) => migration.name));
    const counts = await read('SELECT count(), uniqExact(number) FROM schema_migrations');
    expect(counts[0]).toEqual([migrations.length, migrations.length]);
  } finally {
    await other.close();
  }
});

function toMigration(number: number, statements: string[]): Migration {
  return { number, name: `000${number}_test`, statements, checksum: `checksum ${number}` };
}
