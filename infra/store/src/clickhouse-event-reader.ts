import { isAppError } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { Engine, EngineAnswer } from './engine.ts';
import type { EventReader, StoredRow } from './event-store.ts';
import { advanceLiveCursor, encodeLiveCursor, parseLiveCursor } from './live-cursor.ts';
import { defaultQueryBudget, type QueryBudget, toBudgetSettings } from './queries/budget.ts';
import { type ExportCursor, toDeadLetters, toExportPage, toRowsSince } from './queries/rows.ts';
import { toStatement } from './queries/to-statement.ts';
import type { Statement } from './statement.ts';

const exportPageRows = 5_000;
/**
 * An export walks through time in slices, so that a page reads what lies near it and not all that is
 * left. A slice narrows to about two pages where rows are dense and widens where they are sparse.
 */
const firstSliceMs = 60_000;
const minSliceMs = 1_000;

/** The store's reading side on ClickHouse: a server or chdb, by the engine given. */
export function createClickHouseEventReader(engine: Engine, budget: QueryBudget = defaultQueryBudget): EventReader {
  const settings = toBudgetSettings(budget);
  const ask = (statement: Statement): Promise<EngineAnswer> =>
    engine.ask({ sql: `${statement.sql}\n${settings}`, params: statement.params });
  const askWithinBudget = async (statement: Statement): Promise<StoredRow[] | null> => {
    try {
      return toRows(await ask(statement));
    } catch (error) {
      if (isAppError(error, 'query_over_budget')) return null;
      throw error;
    }
  };

  return {
    async ask(projectId, question) {
      const startedAt = performance.now();
      const answer = await ask(toStatement(projectId, question));
      return {
        columns: answer.columns,
        rows: answer.rows,
        elapsed_ms: Math.round((performance.now() - startedAt) * 1_000) / 1_000,
        rows_read: answer.rowsRead,
      };
    },
    async *exportRows(projectId, range) {
      let { from } = range;
      let sliceMs = firstSliceMs;
      let after: ExportCursor | null = null;
      while (from < range.to) {
        const to = Math.min(from + sliceMs, range.to);
        const page = toExportPage(projectId, { from, to }, after, exportPageRows);
        const rows = sliceMs === minSliceMs ? toRows(await ask(page)) : await askWithinBudget(page);
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
    },
    async rowsSince(projectId, text, limit) {
      const cursor = text === null ? null : parseLiveCursor(text);
      if (cursor === null) return { rows: [], cursor: encodeLiveCursor({ at: await readNow(engine), heads: [] }) };
      const rows = toRows(await ask(toRowsSince(projectId, cursor, limit)));
      return { rows, cursor: encodeLiveCursor(advanceLiveCursor(cursor, rows)) };
    },
    async deadLetters(projectId, limit) {
      const rows = toRows(await ask(toDeadLetters(projectId, limit)));
      return rows.map(toDeadLetter);
    },
    async ping() {
      await engine.ask({ sql: 'SELECT 1', params: {} });
    },
  };
}

async function readNow(engine: Engine): Promise<number> {
  const { rows } = await engine.ask({ sql: 'SELECT toString(toUnixTimestamp64Milli(now64(3)))', params: {} });
  return Number(rows[0]?.[0]);
}

function toRows(answer: EngineAnswer): StoredRow[] {
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

function toDeadLetter(row: StoredRow): DeadLetter {
  return {
    reason: String(row['reason']),
    stage: String(row['stage']),
    message: String(row['message']),
    project_id: String(row['project_id']),
    log: String(row['log']),
    partition: Number(row['partition']),
    offset: Number(row['offset']),
    index: Number(row['index']),
    received_at: Date.parse(String(row['received_at'])),
    payload: String(row['payload']),
  };
}
