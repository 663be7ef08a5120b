import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventRows, isPerson, person } from './measures.ts';
import { toFilters } from './where.ts';

type Retention = QuestionOf<'retention'>;

const localDay = 'toDate32(toTimeZone(timestamp, {timezone:String}))';
/** The day on which an interval begins, and the day so many intervals later. */
const intervals = {
  day: { start: localDay, later: 'addDays(cohort, period)' },
  week: { start: `toStartOfWeek(${localDay}, 1)`, later: 'addWeeks(cohort, period)' },
  month: { start: `toStartOfMonth(${localDay})`, later: 'addMonths(cohort, period)' },
} as const;

/**
 * Gives who came back: columns `cohort` (the local day on which its interval begins), `period` (0 is the cohort's own
 * interval, then 1..`periods`), `cohort_visitors`, `visitors`, `rate01`. A cohort is who did the start event in an interval: for the first time
 * of all that is stored (`first_time`), or at all, so that one person may stand in many (`recurring`). In period 0 all of them count; in a
 * later one, those who did the return event. Periods that begin at `to` or later are left out.
 */
export function toRetention(projectId: string, question: Retention): Statement {
  const { start, later } = intervals[question.interval];
  const filters = toFilters(question.filters, 'filter');
  const isStart = question.start_event === undefined ? 'true' : 'event = {start_event:String}';
  const isReturn = question.return_event === undefined ? 'true' : 'event = {return_event:String}';
  const inTime = 'timestamp >= fromUnixTimestamp64Milli({from:Int64})';
  const isFirstTime = question.cohort === 'first_time';
  const cohorts = isFirstTime
    ? `if(countIf(${isStart}) > 0 AND minIf(timestamp, ${isStart}) >= fromUnixTimestamp64Milli({from:Int64}), [minIf(${start}, ${isStart})], [])`
    : `groupUniqArrayIf(${start}, ${isStart})`;
  const which = isFirstTime
    ? `(${isStart} OR (${isReturn} AND ${inTime}))`
    : `(${isStart} OR ${isReturn}) AND ${inTime}`;
  return {
    sql: `
SELECT cohort, period, cohort_visitors, if(period = 0, cohort_visitors, returned[period]) AS visitors, visitors / cohort_visitors AS rate01
FROM (
    SELECT arrayJoin(cohorts) AS cohort, count() AS cohort_visitors,
        sumForEach(arrayMap(period -> toUInt64(has(returns, ${later})), range(1, {periods:UInt16} + 1))) AS returned
    FROM (
        SELECT ${cohorts} AS cohorts, groupUniqArrayIf(${start}, ${isReturn} AND ${inTime}) AS returns
        FROM ${eventRows}
        WHERE project_id = {project:String}
          AND ${isPerson}
          AND timestamp < fromUnixTimestamp64Milli({to:Int64})
          AND ${[which, ...filters.map(({ sql }) => sql)].join('\n          AND ')}
        GROUP BY ${person}
    )
    GROUP BY cohort
)
ARRAY JOIN range({periods:UInt16} + 1) AS period
WHERE ${later} <= toDate32(toTimeZone(fromUnixTimestamp64Milli({to:Int64} - 1), {timezone:String}))
ORDER BY cohort, period`,
    params: {
      project: projectId,
      from: Date.parse(question.from),
      to: Date.parse(question.to),
      timezone: question.timezone,
      periods: question.periods,
      ...(question.start_event === undefined ? {} : { start_event: question.start_event }),
      ...(question.return_event === undefined ? {} : { return_event: question.return_event }),
      ...Object.assign({}, ...filters.map(({ params }) => params)),
    },
  };
}
