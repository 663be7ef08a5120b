import { isAppError } from '@px-platform/runtime';
import type { Engine, EngineAnswer } from './engine.ts';
import type { StoredRow } from './event-store.ts';
import { type QueryBudget, toBudgetSettings } from './queries/budget.ts';
import { type ExportCursor, type ExportSource, toExportPage } from './queries/export-page.ts';
import type { Statement } from './statement.ts';

const exportPageRows = 5_000;
/**
 * An export walks through time in slices, so that a page reads what lies near it and not all that is
 * left. A slice narrows to about two pages where rows are dense and widens where they are sparse.
 */
const firstSliceMs = 60_000;
const minSliceMs = 1_000;

/** Gives every row received in `from` <= t < `to` (epoch ms) in order of `received_at`, in pages, each within the budget. */
export async function* exportRows(
  engine: Engine,
  budget: QueryBudget,
  what: { readonly source: ExportSource; readonly projectId: string; readonly range: { from: number; to: number } },
): AsyncGenerator<StoredRow[]> {
  const { source, projectId, range } = what;
  const settings = toBudgetSettings(budget);
  const ask = async (statement: Statement): Promise<StoredRow[]> =>
    toRows(await engine.ask({ sql: `${statement.sql}\n${settings}`, params: statement.params }));
  let { from } = range;
  let sliceMs = firstSliceMs;
  let after: ExportCursor | null = null;
  while (from < range.to) {
    const to = Math.min(from + sliceMs, range.to);
    const page = toExportPage(source, projectId, { range: { from, to }, after, limit: exportPageRows });
    const rows = sliceMs === minSliceMs ? await ask(page) : await nullOverBudget(ask(page));
    if (rows === null) {
      sliceMs = Math.max(minSliceMs, Math.floor(sliceMs / 16));
      continue;
    }
    if (rows.length > 0) yield rows;
    const last = toExportCursor(rows.at(-1));
    if (rows.length === exportPageRows && last !== null) {
      sliceMs = Math.max(minSliceMs, (last.receivedAt - from) * 2);
      from = last.receivedAt;
      after = last;
    } else {
      sliceMs *= 4;
      from = to;
      after = null;
    }
  }
}

async function nullOverBudget<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (isAppError(error, 'query_over_budget')) return null;
    throw error;
  }
}

/** Gives an answer's rows by the names of its columns. */
export function toRows(answer: EngineAnswer): StoredRow[] {
  return answer.rows.map((values) => Object.fromEntries(answer.columns.map((column, at) => [column, values[at]])));
}

function toExportCursor(row: StoredRow | undefined): ExportCursor | null {
  if (row === undefined) return null;
  return {
    receivedAt: Date.parse(String(row['received_at'])),
    logId: String(row['_log']),
    partition: Number(row['_partition']),
    offset: Number(row['_offset']),
    index: Number(row['_index']),
  };
}
