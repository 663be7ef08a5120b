import type { Migration } from '@px-platform/schemas';

/** A cluster of ClickHouse, and the database in which the tables stand on each node. */
export interface Cluster {
  readonly name: string;
  readonly database: string;
}

/**
 * Gives a migration as a cluster runs it: of a table `t` the rows stand in `t_local`, replicated within each shard, and
 * `t` itself is Distributed over the shards, so that questions, inserts and views go on naming `t`. Rows that a merge
 * brings together meet on one shard: it is chosen by the person where a table has `person_key`, which a resend
 * repeats, and by the sorting key elsewhere. Number, name and checksum stay those of the DDL. Throws an Error for a
 * statement that has no cluster form yet.
 */
export function toClusterForm(migration: Migration, cluster: Cluster): Migration {
  return { ...migration, statements: migration.statements.flatMap((sql) => toStatements(sql, migration, cluster)) };
}

/** Gives ` ON CLUSTER 'name'`, nothing without one. */
export function onCluster(cluster: Cluster | null): string {
  return cluster === null ? '' : ` ON CLUSTER ${quote(cluster.name)}`;
}

/** Gives the engine of a table that has the same rows on every node, whatever its shard; `path` names it in Keeper. */
export function toClusterWideEngine(engine: string, path: string): string {
  return `Replicated${engine}(${quote(`/clickhouse/tables/{database}/${path}`)}, '{shard}_{replica}')`;
}

function toStatements(sql: string, migration: Migration, cluster: Cluster): string[] {
  const on = onCluster(cluster);
  const [, verb = '', name = '', rest = ''] = statement.exec(sql) ?? [];
  switch (verb) {
    case 'CREATE TABLE IF NOT EXISTS':
      return [
        `${verb} ${name}_local${on}${toReplicated(rest, name, migration.number)}`,
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
const engine = /\nENGINE = (\w*MergeTree)(?:\((.*)\))?(?=\n|$)/;

/** The number of the DDL is part of the path, so that a table made anew never meets what is left of its forerunner. */
function toReplicated(definition: string, name: string, number: number): string {
  const path = quote(`/clickhouse/tables/{shard}/{database}/${String(number).padStart(4, '0')}_${name}`);
  return definition
    .replace(engine, (_, kind: string, args?: string) => {
      return `\nENGINE = Replicated${kind}(${[path, "'{replica}'", ...(args ? [args] : [])].join(', ')})`;
    })
    .replace(
      /non_replicated_deduplication_window = (\d+)/,
      // A week: a batch may be tried again for as long as the store is away.
      'replicated_deduplication_window = $1, replicated_deduplication_window_seconds = 604800',
    );
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
