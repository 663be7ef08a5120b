import type { Statement } from '../../statement.ts';
import type { HourState } from '../hour-state.ts';
import { eventsOfHours, toHoursParams } from '../make/hours-params.ts';
import { stayDimensions, stayKeys, stayMeasures } from './stay-columns.ts';
import { toStaysOfEvents } from './stays-of-events.ts';

/** An hour that has more stays than this is read from `events`: a row is held in memory. */
const maxStays = 50_000;

/** Columns of `session_hours`, and what they are made of. */
const columns = [
  ...stayKeys.map((key): [string, string] => [key, key]),
  ...stayMeasures.map((measure): [string, string] => [measure, `stay_${measure}`]),
];
const isWhole = `count <= ${maxStays}`;

/**
 * Gives the statement that makes the sessions of these hours of one day: a row for each, also of no events. Stays that are alike lie side
 * by side, which makes them small; one thread keeps them so.
 */
export function insertStays(hours: readonly HourState[]): Statement {
  return {
    sql: `
INSERT INTO session_hours (project_id, hour, version, is_whole, ${columns.map(([name]) => `stays.${name}`).join(', ')}, retain_until)
SELECT
    {project:String},
    fromUnixTimestamp64Second(intDiv(at, 1000), 'UTC'),
    transform(at, {hours:Array(Int64)}, {versions:Array(UInt64)}, toUInt64(0)),
    ${isWhole},
    ${columns.map(([name]) => `if(${isWhole}, all_${name}, [])`).join(',\n    ')},
    toDate(transform(at, {hours:Array(Int64)}, {expiries:Array(String)}, '1970-01-01'))
FROM (SELECT arrayJoin({hours:Array(Int64)}) AS at) AS asked
LEFT JOIN
(
    SELECT at, count() AS count,
        ${columns.map(([name, column]) => `groupArray(${maxStays})(${column}) AS all_${name}`).join(',\n        ')}
    FROM (SELECT * FROM ${toStaysOfEvents({ where: eventsOfHours, measures: stayMeasures })}
    ORDER BY at, ${stayDimensions.join(', ')}, stay_first_ms, session, user_hash)
    GROUP BY at
) AS made USING (at)
SETTINGS max_threads = 1, max_insert_threads = 1, join_use_nulls = 0, max_bytes_before_external_group_by = 200000000,
    max_bytes_before_external_sort = 200000000, max_memory_usage = 1000000000, do_not_merge_across_partitions_select_final = 1`,
    params: toHoursParams(hours),
  };
}
