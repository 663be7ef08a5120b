import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError, type Clock } from '@px-platform/runtime';
import { type Migration, readMigrations } from '@px-platform/schemas';
import type { Engine } from './engine.ts';

/** A lock older than this belongs to a process that died while it held it. */
const staleLockMs = 60_000;
const lockTries = 120;
const lockTryMs = 1_000;

/** What a migration needs from outside; `migrations` and `wait` stand in for the real ones in tests. */
export interface MigrateOptions {
  readonly clock: Clock;
  /** No other process can be at work here (chdb's folder is locked), so a lock found is a dead one's. */
  readonly isSole: boolean;
  readonly migrations?: readonly Migration[];
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Brings the engine's tables up to the numbered DDL, in order, under a lock: creating a table is atomic,
 * so the one who creates `migration_lock` holds it. Gives the names applied. A migration that broke off
 * is run again from its first statement. Throws `migration_failed` where an applied migration's text has
 * changed since, the store is ahead of this code, the engine refuses one, or the lock stays held.
 */
export async function migrate(engine: Engine, options: MigrateOptions): Promise<string[]> {
  await engine.run({ sql: createLedger, params: {} });
  const migrations = options.migrations ?? readMigrations();
  if ((await pending(engine, migrations)).length === 0) return [];
  const lock = await takeLock(engine, options);
  try {
    const applied: string[] = [];
    for (const migration of await pending(engine, migrations)) {
      await apply(engine, migration);
      applied.push(migration.name);
    }
    return applied;
  } finally {
    if ((await readLock(engine)) === lock) await dropLock(engine);
  }
}

const createLedger = `
CREATE TABLE IF NOT EXISTS schema_migrations
(number UInt32, name String, checksum String, applied_at DateTime DEFAULT now())
ENGINE = ReplacingMergeTree ORDER BY number`;

async function pending(engine: Engine, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await engine.ask({ sql: 'SELECT number, checksum FROM schema_migrations FINAL', params: {} });
  const applied = new Map(rows.map(([number, checksum]) => [Number(number), String(checksum)]));
  for (const migration of migrations) {
    const checksum = applied.get(migration.number);
    if (checksum !== undefined && checksum !== migration.checksum) {
      throw new AppError(
        'migration_failed',
        `The DDL ${migration.name} was changed after it was applied here: restore its text and put the change in the next number`,
      );
    }
  }
  const newest = Math.max(0, ...applied.keys());
  if (newest > migrations.length) {
    throw new AppError(
      'migration_failed',
      `The store is at DDL ${newest}, this version knows ${migrations.length}: start a newer version, or restore a backup`,
    );
  }
  return migrations.filter((migration) => !applied.has(migration.number));
}

async function apply(engine: Engine, migration: Migration): Promise<void> {
  try {
    for (const sql of migration.statements) await engine.run({ sql, params: {} });
    await engine.run({
      sql: 'INSERT INTO schema_migrations (number, name, checksum) VALUES ({number:UInt32}, {name:String}, {checksum:String})',
      params: { number: migration.number, name: migration.name, checksum: migration.checksum },
    });
  } catch (cause) {
    throw new AppError('migration_failed', `Applying the DDL ${migration.name} failed; see the cause`, { cause });
  }
}

/** Gives the lock's text: since when (epoch ms), and whose it is. */
async function takeLock(engine: Engine, options: MigrateOptions): Promise<string> {
  const { clock, isSole } = options;
  for (let tries = 0; tries < lockTries; tries += 1) {
    const mine = `${clock()} ${randomUUID()}`;
    await engine.run({
      sql: `CREATE TABLE IF NOT EXISTS migration_lock (x UInt8) ENGINE = Memory COMMENT '${mine}'`,
      params: {},
    });
    const held = await readLock(engine);
    if (held === mine) return mine;
    const isStale = held !== null && (isSole || clock() - Number.parseInt(held, 10) > staleLockMs);
    if (isStale) await dropLock(engine);
    else await (options.wait ?? wait)(lockTryMs);
  }
  throw new AppError(
    'migration_failed',
    'Another process has held the table migration_lock for two minutes: see what it does, or drop the table where it is dead',
  );
}

async function readLock(engine: Engine): Promise<string | null> {
  const { rows } = await engine.ask({
    sql: "SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = 'migration_lock'",
    params: {},
  });
  return rows[0] === undefined ? null : String(rows[0][0]);
}

async function dropLock(engine: Engine): Promise<void> {
  await engine.run({ sql: 'DROP TABLE IF EXISTS migration_lock SYNC', params: {} });
}
