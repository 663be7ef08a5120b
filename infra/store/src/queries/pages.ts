import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventRows, isPageView, sessions, visitors } from './measures.ts';
import { toTop } from './top.ts';
import { toWhere } from './where.ts';

/** Gives the pages seen most: columns `path`, `page_views`, `visitors`, `sessions`. */
export function toPages(projectId: string, question: QuestionOf<'pages'>, only?: readonly string[]): Statement {
  const where = toWhere(projectId, question);
  const top = toTop('path', 'page_views', { limit: question.limit, only });
  return {
    sql: `
SELECT path, count() AS page_views, ${visitors} AS visitors, ${sessions} AS sessions
FROM ${eventRows}
${where.sql}
  AND ${isPageView}
${top.sql}`,
    params: { ...where.params, ...top.params },
  };
}
