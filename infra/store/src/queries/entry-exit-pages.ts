import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { type ReadSessions, readSessionsOfEvents, sessionMeasures } from './sessions.ts';
import { toTop } from './top.ts';

/**
 * Gives the pages on which most sessions began, or ended: columns `path`, `visitors`, `sessions`, `bounce_rate01`,
 * `mean_duration_ms`. Sessions without a page view are left out.
 */
export function toEntryExitPages(
  projectId: string,
  question: QuestionOf<'entry_pages' | 'exit_pages'>,
  only?: readonly string[],
  readSessions: ReadSessions = readSessionsOfEvents,
): Statement {
  const path = question.question === 'entry_pages' ? 'entry_path' : 'exit_path';
  const ofSessions = readSessions(projectId, question, path);
  const top = toTop('path', 'sessions', { limit: question.limit, only });
  const { visitors, sessions, bounceRate01, meanDurationMs } = sessionMeasures;
  return {
    sql: `
SELECT ${path} AS path, ${visitors}, ${sessions}, ${bounceRate01}, ${meanDurationMs}
FROM ${ofSessions.sql}
WHERE views > 0 AND is_session
${top.sql}`,
    params: { ...ofSessions.params, ...top.params },
  };
}
