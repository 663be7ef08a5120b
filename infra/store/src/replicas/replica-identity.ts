import { AppError } from '@px-platform/runtime';
import type { Engine } from '../engine.ts';

/** What servers that stand for one store have in common. */
export interface ReplicaIdentity {
  readonly database: string;
  /** Of a cluster its nodes, as `shard/replica host:port`; without one the ids of server and database. */
  readonly store: string;
}

/** Asks a server who it is: as a node of `cluster`, or as itself. Throws `store_unavailable`. */
export async function readIdentity(engine: Engine, cluster: string | null): Promise<ReplicaIdentity> {
  const { rows } = await engine.ask({
    sql: cluster === null ? selectItself : selectNodes,
    params: cluster === null ? {} : { cluster },
  });
  const [database, store] = rows[0] ?? [];
  return { database: String(database), store: String(store) };
}

/** Throws `config_invalid` where `other` stands for another store than `one`: rows would go to either. */
export function requireSameStore(
  one: { readonly name: string; readonly identity: ReplicaIdentity },
  other: { readonly name: string; readonly identity: ReplicaIdentity },
  cluster: string | null,
): void {
  const who = `CLICKHOUSE_URL names ${one.name} and ${other.name}`;
  if (one.identity.database !== other.identity.database) {
    throw new AppError(
      'config_invalid',
      `${who}, of which one speaks to the database ${one.identity.database} and the other to ${other.identity.database}: name the same one in each URL`,
    );
  }
  if (one.identity.store === other.identity.store) return;
  throw new AppError(
    'config_invalid',
    cluster === null
      ? `${who}, which are two servers with rows of their own: set CLICKHOUSE_CLUSTER to the cluster whose nodes they are, or name one of them`
      : `${who}, which know the cluster ${cluster} by other nodes (${one.identity.store || 'none'}; ${other.identity.store || 'none'}): name nodes of one cluster, with the same remote_servers`,
  );
}

const selectItself = `
SELECT currentDatabase(), concat(toString(serverUUID()), ' ', toString(uuid))
FROM system.databases
WHERE name = currentDatabase()`;

const selectNodes = `
SELECT
    currentDatabase(),
    arrayStringConcat(arraySort(groupArray(concat(toString(shard_num), '/', toString(replica_num), ' ', host_name, ':', toString(port)))), ', ')
FROM system.clusters
WHERE cluster = {cluster:String}`;
