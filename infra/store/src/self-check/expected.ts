import { readFileSync } from 'node:fs';
import { readMigrations } from '@px-platform/schemas';
import { clusterWideTables } from '../cluster/cluster-wide-tables.ts';
import type { Cluster } from '../cluster/to-cluster-form.ts';
import type { Tables, Views } from './table-description.ts';

/**
 * Gives the tables that the DDL makes, on a cluster those of each node. Source: `tables.json`, which `write.ts` makes
 * from the DDL in the engine itself, and a test holds to it: making them anew at each start would take half a second.
 */
export function readExpectedTables(cluster: Cluster | null): Tables {
  // Our own file, written from this very type.
  const tables: Tables = JSON.parse(readFileSync(new URL('./tables.json', import.meta.url), 'utf8'));
  return cluster === null ? tables : toClusterTables(tables);
}

/** Gives the views that the DDL makes: of several of one name the last. */
export function readExpectedViews(): Views {
  const statements = readMigrations().flatMap((migration) => migration.statements);
  const views = statements.map((sql) => /^CREATE VIEW IF NOT EXISTS (\w+) AS\s+([\s\S]+)$/.exec(sql));
  return Object.fromEntries(views.flatMap((found) => (found === null ? [] : [[found[1] ?? '', found[2] ?? '']])));
}

function toClusterTables(tables: Tables): Tables {
  const none = { partition_by: '', primary_key: '', order_by: '', ttl: '', indexes: {} };
  return Object.fromEntries(
    Object.entries(tables).flatMap(([name, table]) => {
      const replicated = { ...table, engine: `Replicated${table.engine}` };
      if (clusterWideTables.has(name)) return [[name, replicated]];
      return [
        [`${name}_local`, replicated],
        [name, { ...none, engine: 'Distributed', columns: table.columns }],
      ];
    }),
  );
}
