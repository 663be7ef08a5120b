import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { type CountedRows, countEvents } from './counted-rows.ts';
import { toFieldSql } from './field.ts';
import { toTop } from './top.ts';

/** Gives events, visitors and sessions by a field's values, most events first: columns `by`, `events`, `visitors`, `sessions`. */
export function toBreakdown(
  projectId: string,
  question: QuestionOf<'breakdown'>,
  only?: readonly string[],
  rows: CountedRows = countEvents(projectId, question),
): Statement {
  const by = toFieldSql(question.by, 'by_path');
  const top = toTop('by', 'events', { limit: question.limit, only });
  return {
    sql: `
SELECT ${by.sql} AS by, ${rows.events} AS events, ${rows.visitors} AS visitors, ${rows.sessions} AS sessions
${rows.sql}
${top.sql}`,
    params: { ...rows.params, ...by.params, ...top.params },
  };
}
