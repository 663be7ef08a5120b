import type { Statement } from '../statement.ts';
import { eventOrder, eventRows, isPageView, isPerson, toPersonOf } from './measures.ts';
import { type Asked, toMatches } from './where.ts';

/** No session is longer, so that one asked for lies within this of the time asked. Source: contract 4. */
const maxSessionMs = 24 * 60 * 60 * 1_000;

/**
 * The persons of a session: whom its key names, where an event asked for bears no user, and those of its users. Looked up once a
 * session, where each event would be one look-up more.
 */
const persons = `if(is_session, arrayConcat(if(anonymous > 0, [${toPersonOf('person_key_hash')}], []), arrayMap(user -> ${toPersonOf('user')}, users)), [])`;

/**
 * What the aggregates of `toSessions` may ask of a session's columns. A session bounces as `sessions_v` has it: one page view
 * or none, looked at for less than 10 s; its duration is from its first event to its last.
 */
export const sessionMeasures = {
  visitors: `uniqArray(${persons}) AS visitors`,
  sessions: 'countIf(is_session) AS sessions',
  bounceRate01: 'ifNotFinite(avgIf(views <= 1 AND engaged_ms < 10000, is_session), 0) AS bounce_rate01',
  meanDurationMs: 'ifNotFinite(avgIf(duration_ms, is_session), 0) AS mean_duration_ms',
} as const;

/** How long an event says that its page was looked at, as `deriveSessions` reads it; what is no time up to a day doesn't count. */
const engagedMs = "if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0)";

/**
 * Gives the sessions that hold an event asked for, a row each, as a sub-query: `matched` and
 * `matched_views` (events and page views asked for), what says whose they are, `is_session` (false of the one row that holds what is nobody's),
 * and of the whole session `views`, `engaged_ms`, `duration_ms` and what `own` adds.
 */
export function toSessions(projectId: string, asked: Asked, own: readonly string[] = []): Statement {
  const matches = toMatches(asked);
  const columns = [
    'person_key_hash',
    `${isPerson} AS is_session`,
    'countIf(matches AND user_hash = 0) AS anonymous',
    'groupUniqArrayIf(user_hash, matches AND user_hash != 0) AS users',
    'countIf(matches) AS matched',
    `countIf(matches AND ${isPageView}) AS matched_views`,
    `countIf(${isPageView}) AS views`,
    `sumIf(toUInt64(${engagedMs}), ${engagedMs} > 0 AND ${engagedMs} <= ${maxSessionMs}) AS engaged_ms`,
    'toUnixTimestamp64Milli(max(timestamp)) - toUnixTimestamp64Milli(min(timestamp)) AS duration_ms',
    ...own,
  ];
  return {
    sql: `(
    WITH (${matches.sql}) AS matches
    SELECT ${columns.join(',\n        ')}
    FROM ${eventRows}
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({near_from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({near_to:Int64})
    GROUP BY person_key_hash, session_id
    HAVING matched > 0
)`,
    params: {
      ...matches.params,
      project: projectId,
      near_from: Date.parse(asked.from) - maxSessionMs,
      near_to: Date.parse(asked.to) + maxSessionMs,
    },
  };
}

/** The path of a session's first or last page view. */
export const entryPath = `argMinIf(path, ${eventOrder}, ${isPageView}) AS entry_path`;
export const exitPath = `argMaxIf(path, ${eventOrder}, ${isPageView}) AS exit_path`;
