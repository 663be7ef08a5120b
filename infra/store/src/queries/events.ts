import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventRows } from './measures.ts';
import { toWhere } from './where.ts';

/** The columns that a person reads of an event. */
export const eventColumnsRead =
  'timestamp, received_at, stored_at, event, event_id, anonymous_id, user_id, session_id, host, path, title, referrer_host, channel, browser, os, device, country, region, city, is_bot, properties, traits';

/** Gives the newest events first, with the columns that a person reads. */
export function toEvents(projectId: string, question: QuestionOf<'events'>): Statement {
  const where = toWhere(projectId, question);
  return {
    sql: `
SELECT ${eventColumnsRead}
FROM ${eventRows}
${where.sql}
ORDER BY timestamp DESC, event_id
LIMIT {limit:UInt32}`,
    params: { ...where.params, limit: question.limit },
  };
}
