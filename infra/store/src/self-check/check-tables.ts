import { AppError } from '@px-platform/runtime';
import type { Cluster } from '../cluster/to-cluster-form.ts';
import type { Engine } from '../engine.ts';
import { compareTables, compareViews, type Difference } from './compare-tables.ts';
import { readExpectedTables, readExpectedViews } from './expected.ts';
import { readTables, readViews, spellViews } from './read-tables.ts';

/**
 * Compares what stands in a migrated store with what the DDL makes, in five questions to the engine, and gives what
 * differs: what stops a start first. Throws `store_unavailable`.
 */
export async function findDifferences(engine: Engine, cluster: Cluster | null): Promise<Difference[]> {
  const tables = compareTables(readExpectedTables(cluster), await readTables(engine));
  const views = compareViews(await spellViews(engine, readExpectedViews()), await readViews(engine));
  const order = ['stops', 'warns', 'added'];
  return [...tables, ...views].toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

/** As `findDifferences`. Throws `schema_differs`, naming all of them, where rows can't be inserted, or not once each. */
export async function checkTables(engine: Engine, cluster: Cluster | null): Promise<Difference[]> {
  const differences = await findDifferences(engine, cluster);
  const stopping = differences.filter((one) => one.kind === 'stops');
  if (stopping.length === 0) return differences;
  throw new AppError(
    'schema_differs',
    `The store's tables are not those of the DDL, and rows can't be inserted once each:\n${stopping.map((one) => `  ${toText(one)}`).join('\n')}\nPut them right, or restore a backup: docs/operations.md, "Tables that differ".`,
  );
}

/** Gives a difference in words: `events, column path: expected String, found UInt8`. */
export function toText({ table, what, expected, found }: Difference): string {
  const cut = (text: string | null) => (text === null || text === '' ? 'none' : text.slice(0, 300));
  return `${table}, ${what}: expected ${cut(expected)}, found ${cut(found)}`;
}
