import { AppError } from '@px-platform/runtime';
import type { Engine } from '../engine.ts';
import type { Cluster } from './to-cluster-form.ts';

/**
 * Gives the cluster of that name as the server knows it, with the database spoken to. Throws `config_invalid` where the
 * server knows no such cluster, has no macros `shard` and `replica`, which name the tables of each node, or would write a row to each
 * replica by itself, which stand in each other's way then.
 */
export async function findCluster(engine: Engine, name: string): Promise<Cluster> {
  const { rows } = await engine.ask({
    sql: `
SELECT
    currentDatabase(),
    (SELECT groupUniqArray(cluster) FROM system.clusters),
    (SELECT groupArray(macro) FROM system.macros),
    (SELECT groupUniqArray(host_name) FROM system.clusters WHERE cluster = {cluster:String} AND internal_replication = 0)`,
    params: { cluster: name },
  });
  const [database, clusters, macros, unreplicated] = rows[0] ?? [];
  const known = toNames(clusters);
  if (!known.includes(name)) {
    throw new AppError(
      'config_invalid',
      `CLICKHOUSE_CLUSTER is ${name}, and the server at CLICKHOUSE_URL knows the clusters ${known.join(', ') || 'none'}: name one of them, or add it to remote_servers`,
    );
  }
  const missing = ['shard', 'replica'].filter((macro) => !toNames(macros).includes(macro));
  if (missing.length > 0) {
    throw new AppError(
      'config_invalid',
      `The server at CLICKHOUSE_URL has no macro ${missing.join(', ')}: each node of the cluster needs <macros> with its shard and its replica`,
    );
  }
  const hosts = toNames(unreplicated);
  if (hosts.length > 0) {
    throw new AppError(
      'config_invalid',
      `The cluster ${name} writes to each replica by itself at ${hosts.join(', ')}: set <internal_replication>true</internal_replication> in each of its shards`,
    );
  }
  return { name, database: String(database) };
}

function toNames(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String).toSorted() : [];
}
