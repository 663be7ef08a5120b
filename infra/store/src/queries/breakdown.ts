import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { toWhere } from './where.ts';

/** Gives events, visitors and sessions by a field's values, most events first: columns `by`, `events`, `visitors`, `sessions`. */
export function toBreakdown(projectId: string, question: QuestionOf<'breakdown'>): Statement {
  const where = toWhere(projectId, question);
  const by = toFieldSql(question.by, 'by_path');
  return {
    sql: `
SELECT ${by.sql} AS by, count() AS events, uniq(person_key) AS visitors, uniq(session_id) AS sessions
FROM events
${where.sql}
GROUP BY by
ORDER BY events DESC, by
LIMIT {limit:UInt32}`,
    params: { ...where.params, ...by.params, limit: question.limit },
  };
}
