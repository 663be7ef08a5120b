import type { Migration } from '@px-platform/schemas';
import { clusterWideTables } from './cluster-wide-tables.ts';

/** A cluster of ClickHouse, and the database in which the tables stand on each node. */
export interface Cluster {
  readonly name: string;
  readonly database: string;
}

/**
 * Gives a migration as a cluster runs it: of a table `t` the rows stand in `t_local`, replicated within each shard, and
 * `t` itself is Distributed over the shards, so that questions, inserts and views go on naming `t`. Rows that a merge
 * brings together meet on one shard: it is chosen by the person where a table has `person_key`, which a resend
 * repeats, and by the sorting key elsewhere. `clusterWideTables` are the same on each node, and have no Distributed table. Number,
 * name and checksum stay those of the DDL. Throws an Error for a statement that has no cluster form yet.
 */
export function toClusterForm(migration: Migration, cluster: Cluster): Migration {
  return { ...migration, statements: migration.statements.flatMap((sql) => toStatements(sql, migration, cluster)) };
}

/** Gives ` ON CLUSTER 'name'`, nothing without one. */
export function onCluster(cluster: Cluster | null): string {
  return cluster === null ? '' : ` ON CLUSTER ${quote(cluster.name)}`;
}

/** Gives engine, order and settings of a table that has the same rows on every node, whatever its shard; `path` names it in Keeper. */
export function toClusterWideEngine(engine: string, path: string, orderBy: string): string {
  return `Replicated${engine}(${toWidePath(path)}) ORDER BY ${orderBy} SETTINGS ${keepsEachInsert}`;
}

function toWidePath(path: string): string {
  return `${quote(`/clickhouse/tables/{database}/${path}`)}, '{shard}_{replica}'`;
}

/**
 * A replicated table drops an insert whose bytes it has seen lately, where one of a single server keeps it: a sign of life that is like
 * the last one, or sessions that are derived once more after they were deleted. Only tables whose DDL has a window drop any.
 */
const keepsEachInsert = 'replicated_deduplication_window = 0';

function toStatements(sql: string, migration: Migration, cluster: Cluster): string[] {
  const on = onCluster(cluster);
  const [, verb = '', name = '', rest = ''] = statement.exec(sql) ?? [];
  switch (verb) {
    case 'CREATE TABLE IF NOT EXISTS':
      if (clusterWideTables.has(name)) {
        return [`${verb} ${name}${on}${toReplicated(rest, toWidePath(toFolder(name, migration.number)))}`];
      }
      return [
        `${verb} ${name}_local${on}${toReplicated(rest, toShardPath(name, migration.number))}`,
        `${verb} ${name}${on} AS ${quoteName(cluster.database)}.${name}_local\n${toDistributed(rest, name, cluster)}`,
      ];
    case 'CREATE VIEW IF NOT EXISTS':
      return [`${verb} ${name}${on}${rest}`];
    case 'DROP TABLE IF EXISTS':
      return [`${verb} ${name}${on}${rest}`, `${verb} ${name}_local${on}${rest}`];
    case 'ALTER TABLE': {
      const local = `${verb} ${name}_local${on}${rest}`;
      if (renaming.test(rest)) return [local, toAnew(name, cluster)];
      // What a Distributed table has of its own is its columns.
      return columnChange.test(rest) ? [local, `${verb} ${name}${on}${rest}`] : [local];
    }
    case 'INSERT INTO':
      return [sql];
    default:
      throw new Error(`There is no cluster form of the statement: ${sql.slice(0, 80)}`);
  }
}

const statement =
  /^(CREATE TABLE IF NOT EXISTS|CREATE VIEW IF NOT EXISTS|DROP TABLE IF EXISTS|ALTER TABLE|INSERT INTO) (\w+)([\s\S]*)$/;
const columnChange = /^ (ADD|DROP|MODIFY|COMMENT) COLUMN /;
const renaming = /^ RENAME COLUMN /;
const window = /non_replicated_deduplication_window = (\d+)/;
const engine = /\nENGINE = (\w*MergeTree)(?:\((.*)\))?(?=\n|$)/;

/** The number of the DDL is part of the path, so that a table made anew never meets what is left of its forerunner. */
function toFolder(name: string, number: number): string {
  return `${String(number).padStart(4, '0')}_${name}`;
}

function toShardPath(name: string, number: number): string {
  return `${quote(`/clickhouse/tables/{shard}/{database}/${toFolder(name, number)}`)}, '{replica}'`;
}

function toReplicated(definition: string, path: string): string {
  const replicated = definition.replace(engine, (_, kind: string, args?: string) => {
    return `\nENGINE = Replicated${kind}(${[path, ...(args ? [args] : [])].join(', ')})`;
  });
  if (window.test(replicated)) {
    // A week: a batch may be tried again for as long as the store is away.
    return replicated.replace(
      window,
      'replicated_deduplication_window = $1, replicated_deduplication_window_seconds = 604800',
    );
  }
  return `${replicated}${replicated.includes('\nSETTINGS ') ? ',' : '\nSETTINGS'} ${keepsEachInsert}`;
}

function toDistributed(definition: string, name: string, cluster: Cluster): string {
  return toEngine(name, cluster, toShardingKey(definition, name));
}

/**
 * What rows are spread by is part of a Distributed table's making: once a column has another name, the table, which holds no
 * rows, is made anew. By the same values as before, so that a resend meets its first copy.
 */
function toAnew(name: string, cluster: Cluster): string {
  if (name !== 'events') throw new Error(`There is no cluster form of renaming a column of ${name}`);
  const key = "cityHash64(project_id, if(own_person_key = '', anonymous_id, own_person_key))";
  return `CREATE OR REPLACE TABLE ${name}${onCluster(cluster)} AS ${quoteName(cluster.database)}.${name}_local\n${toEngine(name, cluster, key)}`;
}

function toEngine(name: string, { name: cluster, database }: Cluster, shardingKey: string): string {
  const args = [quote(cluster), quote(database), quote(`${name}_local`), shardingKey];
  return `ENGINE = Distributed(${args.join(', ')})`;
}

function toShardingKey(definition: string, name: string): string {
  if (/^ {4}person_key /m.test(definition)) return 'cityHash64(project_id, person_key)';
  const [, key] = /\nORDER BY \(?(.+?)\)?(?=\n|$)/.exec(definition) ?? [];
  if (key === undefined) throw new Error(`The table ${name} has no sorting key to choose a shard by`);
  return `cityHash64(${key})`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
