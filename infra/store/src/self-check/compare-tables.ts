import type { TableDescription, Tables, Views } from './table-description.ts';

/**
 * One difference between the DDL and the store. `stops`: rows can't be inserted, or not once each. `warns`: questions are
 * slow or fail, or rows stay too long. `added`: an operator's own.
 */
export interface Difference {
  readonly kind: 'stops' | 'warns' | 'added';
  readonly table: string;
  /** What of the table: `the table`, `column path`, `ORDER BY`, ... */
  readonly what: string;
  /** As the DDL has it, and as it stands; null where there is none. */
  readonly expected: string | null;
  readonly found: string | null;
}

/** Compares tables, in their order; tables beside those of the DDL are not looked at. Never throws. */
export function compareTables(expected: Tables, found: Tables): Difference[] {
  return Object.entries(expected).flatMap(([table, own]) => {
    const stands = found[table];
    if (stands === undefined) {
      return [{ kind: 'stops', table, what: 'the table', expected: own.engine, found: null } as const];
    }
    return compareTable(table, own, stands);
  });
}

/** Compares views, which questions alone read. Never throws. */
export function compareViews(expected: Views, found: Views): Difference[] {
  return toDifferences('warns', 'warns', expected, found)
    .filter((one) => one.expected !== null)
    .map(({ name, ...one }) => ({ ...one, table: name, what: 'the view' }));
}

function compareTable(table: string, expected: TableDescription, found: TableDescription): Difference[] {
  const columns = toDifferences('stops', 'added', expected.columns, found.columns);
  const indexes = toDifferences('warns', 'added', expected.indexes, found.indexes);
  return [
    ...toClauses(expected, found).map(({ name, ...one }) => ({ ...one, table, what: name })),
    ...columns.map(({ name, ...one }) => ({ ...one, table, what: `column ${name}` })),
    ...indexes.map(({ name, ...one }) => ({ ...one, table, what: `index ${name}` })),
  ];
}

interface Named extends Omit<Difference, 'table' | 'what'> {
  readonly name: string;
}

/** What a merge keeps hangs on engine, sorting key and partition. */
function toClauses(expected: TableDescription, found: TableDescription): Named[] {
  const ofMerge = (one: TableDescription) => ({
    ENGINE: one.engine.replace(/^(Replicated|Shared)/, ''),
    'ORDER BY': one.order_by,
    'PARTITION BY': one.partition_by,
  });
  const others = (one: TableDescription) => ({ 'PRIMARY KEY': one.primary_key, TTL: one.ttl });
  return [
    ...toDifferences('stops', 'stops', ofMerge(expected), ofMerge(found)),
    ...toDifferences('warns', 'warns', others(expected), others(found)),
  ];
}

function toDifferences(
  changed: Difference['kind'],
  added: Difference['kind'],
  expected: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): Named[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].flatMap((name) => {
    const wanted = expected[name] ?? null;
    const stands = found[name] ?? null;
    if (wanted !== null && stands !== null && isSame(wanted, stands)) return [];
    return [{ kind: wanted === null ? added : changed, name, expected: wanted, found: stands }];
  });
}

/** Versions of the engine put blanks and backticks differently. */
function isSame(one: string, other: string): boolean {
  const bare = (text: string) => text.replaceAll(/[\s`]/g, '');
  return bare(one) === bare(other);
}
