import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { engagedMs, eventOrder, eventRows, isPageView, isPerson, maxSessionMs, toPersonOf } from './measures.ts';
import { type Asked, toMatches } from './where.ts';

/**
 * Gives the sessions that hold an event asked for, a row each, as a sub-query: `matched` and `matched_views` (events and page views
 * asked for), `persons` whose these are, `is_session` (false of the one row that holds what is nobody's), and of the whole session
 * `views`, `engaged_ms`, `duration_ms` and `own`.
 */
export type ReadSessions = (projectId: string, asked: Asked, own?: OwnColumn) => Statement;

/** The path of a session's first or last page view, `entry_path` and `exit_path`; or a field of its first event, as `source`. */
export type OwnColumn = 'entry_path' | 'exit_path' | QuestionOf<'sources'>['by'];

/**
 * What the aggregates of a question may ask of a session's columns. A session bounces as `sessions_v` has it: one page view
 * or none, looked at for less than 10 s; its duration is from its first event to its last.
 */
export const sessionMeasures = {
  visitors: 'uniqArray(persons) AS visitors',
  sessions: 'countIf(is_session) AS sessions',
  bounceRate01: 'ifNotFinite(avgIf(views <= 1 AND engaged_ms < 10000, is_session), 0) AS bounce_rate01',
  meanDurationMs: 'ifNotFinite(avgIf(duration_ms, is_session), 0) AS mean_duration_ms',
} as const;

/**
 * The persons of a session: whom its key names, where an event asked for bears no user, and those of its users. Looked up once a
 * session, where each event would be one look-up more.
 */
const persons = `if(is_session, arrayConcat(if(anonymous > 0, [${toPersonOf('person_key_hash')}], []), arrayMap(user -> ${toPersonOf('user')}, users)), [])`;

/** Sessions as their events tell. */
export const readSessionsOfEvents: ReadSessions = (projectId, asked, own) =>
  toSessions(projectId, asked, own === undefined ? [] : [toOwnColumn(own)]);

function toOwnColumn(own: OwnColumn): string {
  switch (own) {
    case 'entry_path':
      return `argMinIf(path, ${eventOrder}, ${isPageView}) AS entry_path`;
    case 'exit_path':
      return `argMaxIf(path, ${eventOrder}, ${isPageView}) AS exit_path`;
    default:
      return `argMin(toString(${own}), ${eventOrder}) AS source`;
  }
}

/** The same with any aggregates `own` of a session's events. */
export function toSessions(projectId: string, asked: Asked, own: readonly string[] = []): Statement {
  const matches = toMatches(asked);
  const columns = [
    'person_key_hash',
    `${isPerson} AS is_session`,
    'countIf(matches AND user_hash = 0) AS anonymous',
    'groupUniqArrayIf(user_hash, matches AND user_hash != 0) AS users',
    `${persons} AS persons`,
    'countIf(matches) AS matched',
    `countIf(matches AND ${isPageView}) AS matched_views`,
    `countIf(${isPageView}) AS views`,
    `sum(${engagedMs}) AS engaged_ms`,
    'toUnixTimestamp64Milli(max(timestamp)) - toUnixTimestamp64Milli(min(timestamp)) AS duration_ms',
    ...own,
  ];
  const near = toNear(asked);
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
    params: { ...matches.params, project: projectId, near_from: near.from, near_to: near.to },
  };
}

/** The time (epoch ms, `to` exclusive) in which a session lies that holds an event asked for. */
export function toNear(asked: Pick<Asked, 'from' | 'to'>): { from: number; to: number } {
  return { from: Date.parse(asked.from) - maxSessionMs, to: Date.parse(asked.to) + maxSessionMs };
}
