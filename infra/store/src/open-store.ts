import type { Clock } from '@px-platform/runtime';
import type { AuditReader, AuditStore } from './audit-store.ts';
import { createClickHouseAuditReader, createClickHouseAuditStore } from './clickhouse-audit-store.ts';
import { createClickHouseEventReader } from './clickhouse-event-reader.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import { changeOnCluster } from './cluster/change-on-cluster.ts';
import { findCluster } from './cluster/find-cluster.ts';
import type { Cluster } from './cluster/to-cluster-form.ts';
import { createClickHouseDeadLetterStore } from './dead-letters/clickhouse-dead-letter-store.ts';
import type { DeadLetterStore } from './dead-letters/dead-letter-store.ts';
import type { Engine } from './engine.ts';
import type { EventReader, EventStore } from './event-store.ts';
import { createClickHouseIdentityStore } from './identity/clickhouse-identity-store.ts';
import type { IdentityStore } from './identity/identity-store.ts';
import { createJoinsMaker, type JoinsMaker } from './identity/joins/joins-maker.ts';
import { migrate } from './migrate.ts';
import { createClickHousePurgeStore } from './purge/clickhouse-purge-store.ts';
import type { PurgeStore } from './purge/purge-store.ts';
import { defaultQueryBudget } from './queries/budget.ts';
import { createClickHouseRollupStore } from './rollups/clickhouse-rollup-store.ts';
import type { RollupMaker, RollupStore } from './rollups/rollup-store.ts';
import { checkTables } from './self-check/check-tables.ts';
import type { Difference } from './self-check/compare-tables.ts';
import { createClickHouseSaltStore } from './visitor-salts/clickhouse-salt-store.ts';
import type { SaltStore } from './visitor-salts/salt-store.ts';

/** The sides of an open store; `store.close()` ends all. */
export interface OpenStore {
  readonly store: EventStore;
  readonly reader: EventReader;
  readonly auditStore: AuditStore;
  readonly auditReader: AuditReader;
  readonly identity: IdentityStore;
  readonly salts: SaltStore;
  readonly deadLetters: DeadLetterStore;
  readonly rollups: RollupStore;
  readonly rollupMaker: RollupMaker;
  readonly joinsMaker: JoinsMaker;
  readonly purges: PurgeStore;
  /** Throws `store_unavailable` where one of several servers is away, though others do its work. */
  checkReplicas(): Promise<void>;
  /** Names of the migrations applied at this opening. */
  readonly applied: readonly string[];
  /** How the tables differ from the DDL, where rows can be inserted nevertheless. */
  readonly differences: readonly Difference[];
}

/** What a start finds and does before the tables are used. */
export interface Preparation {
  readonly applied: readonly string[];
  readonly differences: readonly Difference[];
  /** Null on a server by itself. */
  readonly cluster: Cluster | null;
}

/** The connections of a store, which may be one. */
export interface StoreEngines {
  readonly write: Engine;
  readonly read: Engine;
  /** For what takes long and nobody waits for. */
  readonly upkeep: Engine;
}

/** Migrates over the writing engine, on all nodes of `cluster`, then gives the store; closes its engines where that fails. */
export async function createOpenStore(
  options: StoreEngines & {
    readonly clock: Clock;
    readonly isSole: boolean;
    readonly cluster: string | null;
  },
): Promise<OpenStore> {
  const { write, clock } = options;
  try {
    const { applied, differences, cluster } = await prepareTables(write, options);
    return { ...toOpenStore({ ...options, change: toChangeEngine(write, cluster) }, clock), applied, differences };
  } catch (error) {
    await closeEngines(options);
    throw error;
  }
}

/** Migrates, on all nodes of `cluster`, and compares what stands there with the DDL. Throws as `migrate` and `checkTables` do. */
export async function prepareTables(
  engine: Engine,
  options: { readonly clock: Clock; readonly isSole: boolean; readonly cluster: string | null },
): Promise<Preparation> {
  const cluster = options.cluster === null ? null : await findCluster(engine, options.cluster);
  const applied = await migrate(engine, { ...options, cluster });
  return { applied, differences: await checkTables(engine, cluster), cluster };
}

/** Gives the engine for changes of stored rows, which a cluster makes on every shard. */
export function toChangeEngine(engine: Engine, cluster: Cluster | null): Engine {
  return cluster === null ? engine : changeOnCluster(engine, cluster);
}

/** Gives the sides of a store whose tables are prepared, or are by the first statement. */
export function toOpenStore(
  engines: StoreEngines & {
    /** For changes of stored rows. */
    readonly change: Engine;
  },
  clock: Clock,
): OpenStore {
  const { write, read, upkeep, change } = engines;
  const store = createClickHouseEventStore(write, clock);
  const rollups = createClickHouseRollupStore(upkeep, clock);
  return {
    store: { ...store, close: () => closeEngines(engines) },
    reader: createClickHouseEventReader(read, defaultQueryBudget, clock),
    auditStore: createClickHouseAuditStore(write),
    auditReader: createClickHouseAuditReader(read),
    rollups,
    rollupMaker: rollups,
    joinsMaker: createJoinsMaker(upkeep),
    identity: createClickHouseIdentityStore(write, read),
    salts: createClickHouseSaltStore(change),
    deadLetters: createClickHouseDeadLetterStore(change, read),
    purges: createClickHousePurgeStore(change, read),
    checkReplicas: async () => undefined,
    applied: [],
    differences: [],
  };
}

async function closeEngines({ write, read, upkeep }: StoreEngines): Promise<void> {
  for (const engine of new Set([write, read, upkeep])) await engine.close();
}
