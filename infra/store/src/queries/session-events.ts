import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventColumnsRead } from './events.ts';
import { eventRows } from './measures.ts';
import { toWhere } from './where.ts';

/** Gives what happened in one session, in order, with the columns that a person reads. */
export function toSessionEvents(projectId: string, question: QuestionOf<'session_events'>): Statement {
  const where = toWhere(projectId, question);
  return {
    sql: `
SELECT ${eventColumnsRead}
FROM ${eventRows}
${where.sql}
  AND session_id = {session_id:UUID}
ORDER BY timestamp, toUInt128(event_id)
LIMIT {limit:UInt32}`,
    params: { ...where.params, session_id: question.session_id, limit: question.limit },
  };
}
