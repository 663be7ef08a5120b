import { AppError } from '@px-platform/runtime';
import type { Engine } from '../engine.ts';
import type { Cluster } from './to-cluster-form.ts';

/**
 * Gives the cluster of that name as the server knows it, with the database spoken to. Throws `config_invalid` where the
 * server knows no such cluster, or has no macros `shard` and `replica`, which name the tables of each node.
 */
export async function findCluster(engine: Engine, name: string): Promise<Cluster> {
  const { rows } = await engine.ask({
    sql: `
SELECT
    currentDatabase(),
    (SELECT groupUniqArray(cluster) FROM system.clusters),
    (SELECT groupArray(macro) FROM system.macros)`,
    params: {},
  });
  const [database, clusters, macros] = rows[0] ?? [];
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
  return { name, database: String(database) };
}

function toNames(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String).toSorted() : [];
}
