import { clusterWideTables } from './cluster-wide-tables.ts';
import { type Cluster, onCluster } from './to-cluster-form.ts';

/** Tables whose rows of one person lie on one shard, and so may ask each other there. */
const spreadByPerson: ReadonlySet<string> = new Set(['events', 'sessions']);

/**
 * Gives a change of stored rows (`ALTER TABLE t DELETE`, `DELETE FROM t`) as a cluster runs it, statement by statement: a Distributed
 * table takes none, so it goes to `t_local` of every shard, and what it asks lies on the same node. The ids of a purge are the same on
 * each node: each is to have them before it deletes by them. Other statements stay as they are. Throws an Error for a change that has no
 * cluster form.
 */
export function toClusterChange(sql: string, cluster: Cluster): string[] {
  const [, verb = '', name = '', rest = ''] = change.exec(sql.trim()) ?? [];
  if (verb === '') {
    if (/^\s*(ALTER|DELETE|OPTIMIZE|TRUNCATE)\s/.test(sql))
      throw new Error(`There is no cluster form of: ${sql.trim().slice(0, 80)}`);
    return [sql];
  }
  // All nodes are replicas of one another: the change is made once, and waited for.
  if (clusterWideTables.has(name)) return [sql];
  const local = rest.replaceAll(/\bFROM (\w+)/g, (found, asked: string) => {
    if (clusterWideTables.has(asked)) return found;
    if (spreadByPerson.has(name) && spreadByPerson.has(asked)) return `FROM ${asked}_local`;
    throw new Error(`A change of ${name} asks ${asked}, whose rows lie on other nodes: there is no cluster form of it`);
  });
  const asked = [...clusterWideTables].filter((table) => rest.includes(`FROM ${table} `));
  return [
    ...asked.map((table) => `SYSTEM SYNC REPLICA${onCluster(cluster)} ${table}`),
    `${verb} ${name}_local${onCluster(cluster)}${local}`,
  ];
}

const change = /^(ALTER TABLE|DELETE FROM) (\w+)(\s+(?:DELETE )?WHERE [\s\S]*)$/;
