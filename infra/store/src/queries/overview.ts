import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { type ReadSessions, readSessionsOfEvents, sessionMeasures } from './sessions.ts';

/**
 * Gives one row: `visitors`, `sessions`, `page_views`, `events`, `bounce_rate01`, `mean_duration_ms`. Sessions are those that
 * hold an event asked for; whether they bounced and how long they took is said of the whole session.
 */
export function toOverview(
  projectId: string,
  question: QuestionOf<'overview'>,
  readSessions: ReadSessions = readSessionsOfEvents,
): Statement {
  const sessions = readSessions(projectId, question);
  const measures = [
    sessionMeasures.visitors,
    sessionMeasures.sessions,
    'sum(matched_views) AS page_views',
    'sum(matched) AS events',
    sessionMeasures.bounceRate01,
    sessionMeasures.meanDurationMs,
  ];
  return { sql: `\nSELECT ${measures.join(', ')}\nFROM ${sessions.sql}`, params: sessions.params };
}
