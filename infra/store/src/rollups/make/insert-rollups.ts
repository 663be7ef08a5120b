import type { Statement } from '../../statement.ts';
import { rollupDimensions } from '../dimensions.ts';
import type { HourState } from '../hour-state.ts';
import { countsOfEvents } from './counts-of-events.ts';
import { toHoursParams } from './hours-params.ts';

/** An hour that has more different counts of one dimension than this is read from `events`: a row is held in memory. */
const maxCounts = 250_000;

/** Gives the statement that makes the rollup of these hours of one day: a row for each dimension, also of no events. */
export function insertRollups(hours: readonly HourState[]): Statement {
  const dimensions = rollupDimensions.map((dimension) => `'${dimension}'`).join(', ');
  return {
    sql: `
INSERT INTO rollups (project_id, dimension, hour, version, is_whole, counts.event, counts.value, counts.events, retain_until)
WITH if(length(all) <= ${maxCounts}, all, []) AS kept
SELECT
    {project:String},
    dimension,
    fromUnixTimestamp64Second(intDiv(at, 1000), 'UTC'),
    transform(at, {hours:Array(Int64)}, {versions:Array(UInt64)}, toUInt64(0)),
    length(all) <= ${maxCounts},
    kept.1,
    kept.2,
    kept.3,
    toDate(transform(at, {hours:Array(Int64)}, {retained:Array(String)}, '1970-01-01'))
FROM
(
    SELECT dimension, at, arraySort(groupArrayIf(${maxCounts + 1})((event, value, events), events > 0)) AS all
    FROM
    (
        SELECT dimension, at, event, value, events FROM ${countsOfEvents}
        UNION ALL
        SELECT arrayJoin([${dimensions}]), arrayJoin({hours:Array(Int64)}), '', '', 0
    )
    GROUP BY dimension, at
)
SETTINGS max_threads = 1, max_insert_threads = 1, max_bytes_before_external_group_by = 200000000, max_memory_usage = 1000000000,
    do_not_merge_across_partitions_select_final = 1`,
    params: toHoursParams(hours),
  };
}
