import type { Migration } from '@px-platform/schemas';
import { type Cluster, onCluster, toClusterWideEngine } from '../cluster/to-cluster-form.ts';
import type { Engine } from '../engine.ts';

/** A migration that the store has. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  /** Epoch ms, in whole seconds, by the engine's clock. */
  readonly appliedAt: number;
}

/** Makes the table of what was applied, where it is not there; on a cluster it is the same on each node. */
export async function createLedger(engine: Engine, cluster: Cluster | null): Promise<void> {
  const kind = 'ReplacingMergeTree';
  const sql = `
CREATE TABLE IF NOT EXISTS schema_migrations${onCluster(cluster)}
(number UInt32, name String, checksum String, applied_at DateTime DEFAULT now())
ENGINE = ${cluster === null ? `${kind} ORDER BY number` : toClusterWideEngine(kind, 'schema_migrations', 'number')}`;
  await engine.run({ sql, params: {} });
}

/** Gives what was applied, by number. The table must be there. */
export async function readLedger(engine: Engine): Promise<AppliedMigration[]> {
  const sql = `
SELECT number, name, checksum, toUnixTimestamp(applied_at) FROM schema_migrations FINAL ORDER BY number`;
  const { rows } = await engine.ask({ sql, params: {} });
  return rows.map(([number, name, checksum, appliedAt]) => ({
    number: Number(number),
    name: String(name),
    checksum: String(checksum),
    appliedAt: Number(appliedAt) * 1_000,
  }));
}

/** As `readLedger`; nothing where the table is not there, as in a store that was never migrated. */
export async function readLedgerIfThere(engine: Engine): Promise<AppliedMigration[]> {
  const sql = "SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'";
  const { rows } = await engine.ask({ sql, params: {} });
  return rows.length === 0 ? [] : readLedger(engine);
}

/** Writes that a migration was applied, now by the engine's clock. */
export async function writeLedger(engine: Engine, { number, name, checksum }: Migration): Promise<void> {
  await engine.run({
    sql: 'INSERT INTO schema_migrations (number, name, checksum) VALUES ({number:UInt32}, {name:String}, {checksum:String})',
    params: { number, name, checksum },
  });
}
