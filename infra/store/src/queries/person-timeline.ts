import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventColumnsRead } from './events.ts';
import { eventRows, person } from './measures.ts';
import { toWhere } from './where.ts';

/** Gives what one person did, the newest first, with the columns that a person reads. */
export function toPersonTimeline(projectId: string, question: QuestionOf<'person_timeline'>): Statement {
  const where = toWhere(projectId, question);
  return {
    sql: `
SELECT ${eventColumnsRead}
FROM ${eventRows}
${where.sql}
  AND ${person} = {person:String}
ORDER BY timestamp DESC, event_id DESC
LIMIT {limit:UInt32}`,
    params: { ...where.params, person: question.person, limit: question.limit },
  };
}
