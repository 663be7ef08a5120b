import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { type ReadSessions, readSessionsOfEvents, sessionMeasures } from './sessions.ts';
import { toTop } from './top.ts';

/**
 * Gives where sessions came from, by a field of the session's first event: columns `source`, `visitors`, `sessions`, `page_views`,
 * `bounce_rate01`, `mean_duration_ms`; '' where it says nothing.
 */
export function toSources(
  projectId: string,
  question: QuestionOf<'sources'>,
  only?: readonly string[],
  readSessions: ReadSessions = readSessionsOfEvents,
): Statement {
  const ofSessions = readSessions(projectId, question, question.by);
  const top = toTop('source', 'sessions', { limit: question.limit, only });
  const { visitors, sessions, bounceRate01, meanDurationMs } = sessionMeasures;
  return {
    sql: `
SELECT source, ${visitors}, ${sessions}, sum(matched_views) AS page_views, ${bounceRate01}, ${meanDurationMs}
FROM ${ofSessions.sql}
WHERE is_session
${top.sql}`,
    params: { ...ofSessions.params, ...top.params },
  };
}
