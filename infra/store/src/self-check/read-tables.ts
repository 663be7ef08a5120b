import type { Engine } from '../engine.ts';
import type { TableDescription, Tables, Views } from './table-description.ts';

/** Gives the tables of the database spoken to, without those of the migrations. Throws `store_unavailable`. */
export async function readTables(engine: Engine): Promise<Tables> {
  const tables = await engine.ask({ sql: selectTables, params: {} });
  const columns = toLists((await engine.ask({ sql: selectColumns, params: {} })).rows);
  const indexes = toLists((await engine.ask({ sql: selectIndexes, params: {} })).rows);
  return Object.fromEntries(
    tables.rows.map(([name, kind, partitionBy, primaryKey, orderBy, whole]): [string, TableDescription] => [
      String(name),
      {
        engine: String(kind),
        partition_by: String(partitionBy),
        primary_key: String(primaryKey),
        order_by: String(orderBy),
        ttl: / TTL (.+?)(?= SETTINGS |$)/.exec(String(whole))?.[1] ?? '',
        columns: columns.get(String(name)) ?? {},
        indexes: indexes.get(String(name)) ?? {},
      },
    ]),
  );
}

/** Gives the views of the database spoken to, in the spelling of `spellViews`. Throws `store_unavailable`. */
export async function readViews(engine: Engine): Promise<Views> {
  const { rows } = await engine.ask({ sql: selectViews, params: {} });
  return Object.fromEntries(rows.map(([name, question]) => [String(name), String(question)]));
}

/** Spells questions as the engine does, so that two that say the same are the same text. Throws `store_unavailable`. */
export async function spellViews(engine: Engine, views: Views): Promise<Views> {
  // As literals: parameters are a part of the URL, for which these are too long.
  const texts = Object.values(views).map((view) => `'${view.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
  const { rows } = await engine.ask({
    sql: `SELECT arrayJoin(arrayMap(view -> formatQuerySingleLine(view), [${texts.join(', ')}]))`,
    params: {},
  });
  return Object.fromEntries(Object.keys(views).map((name, at) => [name, String(rows[at]?.[0])]));
}

const selectTables = `
SELECT name, engine, partition_key, primary_key, sorting_key, engine_full
FROM system.tables
WHERE database = currentDatabase() AND engine NOT LIKE '%View'
    AND name != 'schema_migrations' AND NOT startsWith(name, 'migration_lock')
ORDER BY name`;

const selectColumns = `
SELECT table, name, type FROM system.columns WHERE database = currentDatabase() ORDER BY table, position`;

const selectIndexes = `
SELECT table, name, concat(type_full, ' ', expr)
FROM system.data_skipping_indices
WHERE database = currentDatabase()
ORDER BY table, name`;

// A stored view names tables with their database; in the DDL they have none.
const selectViews = `
SELECT name, formatQuerySingleLine(replaceRegexpAll(as_select, concat('\`?\\\\b', currentDatabase(), '\\\\b\`?\\\\.'), ''))
FROM system.tables
WHERE database = currentDatabase() AND engine = 'View'`;

function toLists(rows: readonly unknown[][]): Map<string, Record<string, string>> {
  const lists = new Map<string, Record<string, string>>();
  for (const [table, name, value] of rows) {
    const list = lists.get(String(table)) ?? {};
    list[String(name)] = String(value);
    lists.set(String(table), list);
  }
  return lists;
}
