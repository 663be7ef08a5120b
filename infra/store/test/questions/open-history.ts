import { type EventRow, type QueryAnswer, questionSchema } from '@px-platform/schemas';
import type { TestStore } from '../open-test-store.ts';
import { copiesOf, historyProject, makeHistory } from './history.ts';

/** Asks a question, as it is typed, of the project with the history. */
export type AskHistory = (question: object) => Promise<QueryAnswer>;

/** A store that holds the history; `rows` are its events, each once. */
export interface HistoryStore extends TestStore {
  readonly rows: EventRow[];
  readonly ask: AskHistory;
}

/** Stores the history, and one event in twelve again, without a merge in between; another project has the same events. */
export async function openHistory(open: () => Promise<TestStore>): Promise<HistoryStore> {
  const test = await open();
  const rows = makeHistory();
  await test.engine.run({ sql: 'SYSTEM STOP MERGES events', params: {} });
  const copies = copiesOf(rows);
  const others = rows.slice(0, 500).map((row) => ({ ...row, project_id: 'prj_history_other' }));
  const parts = [rows.slice(0, 1_000), rows.slice(1_000), copies, others];
  for (const [partition, part] of parts.entries()) {
    const lastOffset = Math.max(...part.map((row) => row._offset));
    await test.store.insert({
      logId: 'log-history',
      partition,
      firstOffset: 0,
      lastOffset,
      rows: part.map((row) => ({ ...row, _partition: partition })),
    });
  }
  const { rows: counted } = await test.engine.ask({
    sql: 'SELECT count() FROM events WHERE project_id = {project:String} SETTINGS output_format_json_quote_64bit_integers = 0',
    params: { project: historyProject },
  });
  if (counted[0]?.[0] !== rows.length + copies.length) throw new Error(`${counted} rows stand, copies included`);
  const ask: AskHistory = (question) => test.reader.ask(historyProject, questionSchema.parse(question));
  return { ...test, rows, ask };
}
