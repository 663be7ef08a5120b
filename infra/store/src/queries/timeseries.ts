import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { type CountedRows, countEvents } from './counted-rows.ts';
import { toFieldSql } from './field.ts';

const hourMs = 3_600_000;

/**
 * The start of an interval as SQL, and a step (ms) shorter than any such interval, DST included: a walk
 * in these steps meets each interval.
 */
const intervals = {
  minute: { start: 'toStartOfMinute(%, {timezone:String})', stepMs: 60_000 },
  hour: { start: 'toStartOfHour(%, {timezone:String})', stepMs: hourMs / 2 },
  day: { start: 'toStartOfDay(%, {timezone:String})', stepMs: 12 * hourMs },
  week: { start: 'toStartOfWeek(%, 1, {timezone:String})', stepMs: 5 * 24 * hourMs },
  month: { start: 'toStartOfMonth(%, {timezone:String})', stepMs: 20 * 24 * hourMs },
} as const;

/**
 * Gives events, visitors and sessions by interval, oldest first: columns `time` (the interval's start in
 * the asked timezone, answered in UTC), `by` where asked, `events`, `visitors`, `sessions`. Without
 * `by`, intervals in which nothing happened are given as zeros. `rows` are counted by the start of their interval, `time`.
 */
export function toTimeseries(
  projectId: string,
  question: QuestionOf<'timeseries'>,
  rows: CountedRows & { readonly time: string } = {
    ...countEvents(projectId, question),
    time: toStart(question.interval, 'timestamp'),
  },
): Statement {
  const { by, interval, timezone, limit } = question;
  const params = { ...rows.params, timezone, limit };
  const counts = `${rows.events} AS events, ${rows.visitors} AS visitors, ${rows.sessions} AS sessions`;
  if (by !== undefined) {
    const field = toFieldSql(by, 'by_path');
    return {
      sql: `
SELECT ${rows.time} AS time, ${field.sql} AS by, ${counts}
${rows.sql}
GROUP BY time, by
ORDER BY time, events DESC, by
LIMIT {limit:UInt32}`,
      params: { ...params, ...field.params },
    };
  }
  const counted = `
    SELECT ${rows.time} AS time, ${counts}
    ${rows.sql}
    GROUP BY time`;
  const every = toEveryInterval(interval, 'events, visitors, sessions', counted);
  return { sql: every.sql, params: { ...params, ...every.params } };
}

/**
 * Joins what was counted by `time` to every interval of the time asked, zeros where nothing was. Asks for the parameters
 * `from`, `to`, `timezone` and `limit` too.
 */
export function toEveryInterval(interval: keyof typeof intervals, columns: string, counted: string): Statement {
  // Not WITH FILL: where a day begins at 01:00 (DST at midnight), it takes every later day to begin there too.
  return {
    sql: `
SELECT time, ${columns}
FROM (
    SELECT arrayJoin(arrayDistinct(arrayMap(
        step -> ${toStart(interval, 'fromUnixTimestamp64Milli(least({from:Int64} + step * {step:Int64}, {to:Int64} - 1))')},
        range(toUInt64(ceil(({to:Int64} - {from:Int64}) / {step:Int64})) + 1)))) AS time
) AS intervals
LEFT JOIN (${counted}
) AS counted USING (time)
ORDER BY time
LIMIT {limit:UInt32}`,
    params: { step: intervals[interval].stepMs },
  };
}

/** Gives the start of an instant's interval as SQL; a DateTime64, since weeks and months would be days without an hour. */
export function toStart(interval: keyof typeof intervals, instant: string): string {
  return `toDateTime64(${intervals[interval].start.replace('%', instant)}, 0, {timezone:String})`;
}
