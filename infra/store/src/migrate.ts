import { setTimeout as waitFor } from 'node:timers/promises';
import { AppError, type Clock } from '@px-platform/runtime';
import { type Migration, readMigrations } from '@px-platform/schemas';
import { type Cluster, toClusterForm } from './cluster/to-cluster-form.ts';
import type { Engine } from './engine.ts';
import { createLedger, readLedger, writeLedger } from './migrations/ledger.ts';
import { type LockPace, lockPace, type MigrationLock, takeLock } from './migrations/migration-lock.ts';
import { findRefusal, toStatus } from './migrations/status.ts';

/** What a migration needs from outside; `migrations`, `wait` and `pace` stand in for the real ones in tests. */
export interface MigrateOptions {
  readonly clock: Clock;
  /** No other process can be at work here (chdb's folder is locked), so a lock found is a dead one's. */
  readonly isSole: boolean;
  /** The cluster whose nodes get the tables; one server where left out. */
  readonly cluster?: Cluster | null;
  readonly migrations?: readonly Migration[];
  readonly wait?: (ms: number) => Promise<unknown>;
  readonly pace?: LockPace;
}

/**
 * Brings the engine's tables up to the numbered DDL, in order, under a lock. Gives the names applied. A migration that
 * broke off is run again from its first statement. Throws `migration_failed` where an applied migration's text has
 * changed since, the store is ahead of this code, the engine refuses one, or the lock stays held or is lost.
 */
export async function migrate(engine: Engine, options: MigrateOptions): Promise<string[]> {
  const { clock, isSole, cluster = null, wait = waitFor, pace = lockPace } = options;
  const numbered = options.migrations ?? readMigrations();
  const migrations = cluster === null ? numbered : numbered.map((one) => toClusterForm(one, cluster));
  await createLedger(engine, cluster);
  if ((await pending(engine, migrations)).length === 0) return [];
  const lock = await takeLock(engine, { clock, isSole, cluster, wait, pace });
  try {
    const applied: string[] = [];
    for (const migration of await pending(engine, migrations)) {
      await apply(engine, migration, lock);
      applied.push(migration.name);
    }
    return applied;
  } finally {
    await lock.release();
  }
}

async function pending(engine: Engine, migrations: readonly Migration[]): Promise<Migration[]> {
  const status = toStatus(migrations, await readLedger(engine));
  const refusal = findRefusal(status);
  if (refusal !== null) throw refusal;
  const isPending = new Set(status.filter(({ state }) => state === 'pending').map(({ number }) => number));
  return migrations.filter(({ number }) => isPending.has(number));
}

async function apply(engine: Engine, migration: Migration, lock: MigrationLock): Promise<void> {
  for (const sql of migration.statements) {
    await lock.confirm();
    await attempt(migration, () => engine.run({ sql, params: {} }));
  }
  await lock.confirm();
  await attempt(migration, () => writeLedger(engine, migration));
}

async function attempt(migration: Migration, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    throw new AppError('migration_failed', `Applying the DDL ${migration.name} failed; see the cause`, { cause });
  }
}
