import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { toWhere } from './where.ts';

const starts = {
  minute: 'toStartOfMinute(%, {timezone:String})',
  hour: 'toStartOfHour(%, {timezone:String})',
  day: 'toStartOfDay(%, {timezone:String})',
  week: 'toStartOfWeek(%, 1, {timezone:String})',
  month: 'toStartOfMonth(%, {timezone:String})',
} as const;

/**
 * Gives events, visitors and sessions by interval: columns `time` (the interval's start in the asked
 * timezone, answered in UTC), `by` where asked, `events`, `visitors`, `sessions`. Without `by`,
 * intervals in which nothing happened are given as zeros.
 */
export function toTimeseries(projectId: string, question: QuestionOf<'timeseries'>): Statement {
  const where = toWhere(projectId, question);
  const by = question.by === undefined ? null : toFieldSql(question.by, 'by_path');
  const bucket = (instant: string): string =>
    `toDateTime(${starts[question.interval].replace('%', instant)}, {timezone:String})`;
  const fill = `
WITH FILL
    FROM ${bucket('fromUnixTimestamp64Milli({from:Int64})')}
    TO toDateTime(fromUnixTimestamp64Milli({to:Int64}), {timezone:String})
    STEP INTERVAL 1 ${question.interval.toUpperCase()}`;
  return {
    sql: `
SELECT ${bucket('timestamp')} AS time,${by === null ? '' : ` ${by.sql} AS by,`} count() AS events, uniq(person_key) AS visitors, uniq(session_id) AS sessions
FROM events
${where.sql}
GROUP BY time${by === null ? '' : ', by'}
ORDER BY time${by === null ? fill : ', events DESC, by'}
LIMIT {limit:UInt32}`,
    params: { ...where.params, ...by?.params, timezone: question.timezone, limit: question.limit },
  };
}
