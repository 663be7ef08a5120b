import { inspectEmbeddedStore } from '@px-platform/store/inspection';
import { type Books, compareRows, type RowFindings } from './compare-rows.ts';
import { checkDerived, type DerivedFinding } from './derived-tables.ts';
import { readRows } from './read-rows.ts';

/** What was acknowledged beside what is stored. */
export interface Ledger extends RowFindings {
  readonly sent: number;
  readonly acknowledged: number;
  /** Rows of all inserts since the beginning, merged away or not; null where nobody counted. */
  readonly insertedRows: number | null;
  readonly derived: readonly DerivedFinding[];
}

/**
 * Compares row by row, and the derived tables with the events. `path` is the store's folder, which no other process has
 * open; `insertedRows` is what was counted of inserts from outside.
 */
export async function makeLedger(path: string, books: Books, insertedRows: number | null): Promise<Ledger> {
  const store = inspectEmbeddedStore(path);
  try {
    return {
      ...(await compareRows(books, readRows(store))),
      sent: books.sent.size,
      acknowledged: books.acknowledged.size,
      insertedRows,
      derived: await checkDerived(store),
    };
  } finally {
    await store.close();
  }
}

/** Rows that came twice: copies that lie there, and those that a merge of the table has taken away since. */
export function countDuplicates({ rows, doubled, replaced, insertedRows }: Ledger): number {
  return Math.max(doubled.length + replaced.length, (insertedRows ?? rows) - rows + doubled.length);
}

/** What is wrong, a line each with the first ids; empty where nothing is lost, doubled, altered or derived wrongly. */
export function findFaults(ledger: Ledger): string[] {
  const lists = {
    'acknowledged and not stored': ledger.lost,
    'stored more than once': ledger.doubled,
    'stored from a later sending than the acknowledged one': ledger.replaced,
    'stored and never sent': ledger.neverSent,
    'stored with another content': ledger.altered,
  };
  const faults = Object.entries(lists)
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids]) => `${ids.length} ${what}: ${ids.slice(0, 10).join(', ')}`);
  if (ledger.insertedRows !== null && ledger.insertedRows !== ledger.rows) {
    faults.push(`${ledger.insertedRows} rows were inserted over the time, ${ledger.rows} lie there`);
  }
  for (const { table, missing, extra } of ledger.derived) {
    if (missing + extra > 0) faults.push(`${table}: ${missing} rows differ or lack, ${extra} are not of the events`);
  }
  return faults;
}
