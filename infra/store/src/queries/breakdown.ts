import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { eventRows, sessions, visitors } from './measures.ts';
import { toTop } from './top.ts';
import { toWhere } from './where.ts';

/** Gives events, visitors and sessions by a field's values, most events first: columns `by`, `events`, `visitors`, `sessions`. */
export function toBreakdown(projectId: string, question: QuestionOf<'breakdown'>, only?: readonly string[]): Statement {
  const where = toWhere(projectId, question);
  const by = toFieldSql(question.by, 'by_path');
  const top = toTop('by', 'events', { limit: question.limit, only });
  return {
    sql: `
SELECT ${by.sql} AS by, count() AS events, ${visitors} AS visitors, ${sessions} AS sessions
FROM ${eventRows}
${where.sql}
${top.sql}`,
    params: { ...where.params, ...by.params, ...top.params },
  };
}
