import { type Clock, systemClock } from '@px-platform/runtime';
import { eventColumns } from '@px-platform/schemas';
import { askQuestion } from './ask-question.ts';
import type { Engine, EngineAnswer } from './engine.ts';
import type { EventReader } from './event-store.ts';
import { exportRows, toRows } from './export-rows.ts';
import { advanceLiveCursor, encodeLiveCursor, parseLiveCursor } from './live-cursor.ts';
import { defaultQueryBudget, type QueryBudget, toBudgetSettings } from './queries/budget.ts';
import { toDeadLetters, toRowsSince } from './queries/rows.ts';
import type { Statement } from './statement.ts';
import { toDeadLetter } from './to-dead-letter.ts';

const exported = { table: 'events', columns: [...eventColumns, 'stored_at'] };

/** The store's reading side on ClickHouse: a server or chdb, by the engine given. */
export function createClickHouseEventReader(
  engine: Engine,
  budget: QueryBudget = defaultQueryBudget,
  clock: Clock = systemClock,
): EventReader {
  const settings = toBudgetSettings(budget);
  const ask = (statement: Statement): Promise<EngineAnswer> =>
    engine.ask({ sql: `${statement.sql}\n${settings}`, params: statement.params });

  return {
    async ask(projectId, question) {
      const startedAt = performance.now();
      const answer = await askQuestion(engine, budget, { projectId, question, now: clock() });
      return {
        columns: answer.columns,
        rows: answer.rows,
        elapsed_ms: Math.round((performance.now() - startedAt) * 1_000) / 1_000,
        rows_read: answer.rowsRead,
      };
    },
    exportRows: (projectId, range) => exportRows(engine, budget, { source: exported, projectId, range }),
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
