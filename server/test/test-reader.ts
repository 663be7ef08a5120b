import { AppError } from '@px-platform/runtime';
import type { QueryAnswer, Question } from '@px-platform/schemas';
import type { EventReader, StoredRow } from '@px-platform/store';

/** A reader of rows in memory, with switches for the ways in which a store can fail. */
export interface TestReader extends EventReader {
  /** Rows by project, in the order in which they were stored. */
  readonly rows: Map<string, StoredRow[]>;
  readonly asked: { projectId: string; question: Question }[];
  isAway: boolean;
  isOverBudget: boolean;
  /** Page of an export that fails; null for none. */
  failingPage: number | null;
}

const pageSize = 2;

/** Gives an empty reader. Cursors are counts of rows. */
export function createTestReader(): TestReader {
  const rows = new Map<string, StoredRow[]>();
  const asked: { projectId: string; question: Question }[] = [];
  const reader: TestReader = {
    rows,
    asked,
    isAway: false,
    isOverBudget: false,
    failingPage: null,
    async ask(projectId, question): Promise<QueryAnswer> {
      ensureThere();
      if (reader.isOverBudget) throw new AppError('query_over_budget', 'The question reads more than 10 s.');
      asked.push({ projectId, question });
      return { columns: ['n'], rows: [[rows.get(projectId)?.length ?? 0]], elapsed_ms: 1, rows_read: 1 };
    },
    async *exportRows(projectId) {
      ensureThere();
      const all = rows.get(projectId) ?? [];
      for (let page = 0; page * pageSize < all.length; page++) {
        if (page === reader.failingPage) throw new AppError('store_unavailable', 'The engine went away.');
        yield all.slice(page * pageSize, (page + 1) * pageSize);
      }
    },
    async rowsSince(projectId, cursor, limit) {
      ensureThere();
      const all = rows.get(projectId) ?? [];
      if (cursor === null) return { rows: [], cursor: String(all.length) };
      const page = all.slice(Number(cursor), Number(cursor) + limit);
      return { rows: page, cursor: String(Number(cursor) + page.length) };
    },
    async deadLetters() {
      return [];
    },
    async ping() {
      ensureThere();
    },
  };
  function ensureThere(): void {
    if (reader.isAway) throw new AppError('store_unavailable', 'The engine is away.');
  }
  return reader;
}
