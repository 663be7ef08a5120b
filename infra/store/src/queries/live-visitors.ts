import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { eventOrder, eventRows, isPerson, person } from './measures.ts';
import { toWhere } from './where.ts';

/**
 * Gives who did anything in the last `minutes` before `now` (epoch ms): columns `by` where asked, `visitors`, `sessions`, `events`.
 * A person stands in one group, that of their latest event; the largest groups are given. What is stamped up to a minute ahead counts.
 */
export function toLiveVisitors(projectId: string, question: QuestionOf<'live_visitors'>, now: number): Statement {
  const minuteMs = 60_000;
  const where = toWhere(projectId, {
    from: new Date(now - question.minutes * minuteMs).toISOString(),
    to: new Date(now + minuteMs + 1).toISOString(),
    filters: question.filters,
  });
  const by = question.by === undefined ? null : toFieldSql(question.by, 'by_path');
  const measures = 'count() AS visitors, sum(own_sessions) AS sessions, sum(own_events) AS events';
  return {
    sql: `
SELECT ${by === null ? measures : `by, ${measures}`}
FROM (
    SELECT ${by === null ? '' : `argMax(${by.sql}, ${eventOrder}) AS by, `}uniq(session_id) AS own_sessions, count() AS own_events
    FROM ${eventRows}
    ${where.sql}
      AND ${isPerson}
    GROUP BY ${person}
)${by === null ? '' : '\nGROUP BY by\nORDER BY visitors DESC, by\nLIMIT {limit:UInt32}'}`,
    params: { ...where.params, ...by?.params, ...(by === null ? {} : { limit: question.limit }) },
  };
}
