import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { rollupDimensions } from '../dimensions.ts';
import { columnHourMs, hourMs } from '../hour.ts';
import type { HourState } from '../hour-state.ts';
import { insertHours } from '../insert-hours.ts';
import { countsOfEvents } from './counts-of-events.ts';
import { findStaleHours, type RollupDay } from './stale-days.ts';

/** An hour that has more different counts of one dimension than this is read from `events`: a row is held in memory. */
const maxCounts = 250_000;

/**
 * Makes the rollup of a day's stale hours that began before `before` (epoch ms) from what is stored, and gives how many.
 * The order makes it right whatever is killed and whoever else stores or makes at once: say up to which mark the hours
 * are taken, read the events, say that it is built. Throws `store_unavailable`, `query_over_budget`.
 */
export async function remakeDay(engine: Engine, day: RollupDay, before: number): Promise<number> {
  const stale = await findStaleHours(engine, day, before);
  if (stale.length === 0) return 0;
  await insertHours(
    engine,
    stale.map((hour) => ({ ...hour, taken: hour.marked })),
  );
  await engine.run(insertRollups(stale));
  const broad = new Set((await engine.ask(selectBroad(stale))).rows.map(([hour]) => Number(hour)));
  await insertHours(
    engine,
    stale.map((hour) => ({ ...hour, built: hour.marked, broad: broad.has(hour.hour) ? hour.marked : 0 })),
  );
  return stale.length;
}

/** Gives the statement that makes the rollup of these hours of one day: a row for each dimension, also of no events. */
function insertRollups(hours: readonly HourState[]): Statement {
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
    params: toParams(hours),
  };
}

/** Which of these hours have too many counts. */
function selectBroad(hours: readonly HourState[]): Statement {
  const { project, hours: at } = toParams(hours);
  return {
    sql: `
SELECT DISTINCT ${columnHourMs}
FROM rollups FINAL
WHERE project_id = {project:String} AND NOT is_whole AND ${columnHourMs} IN {hours:Array(Int64)}
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: { project, hours: at },
  };
}

function toParams(hours: readonly HourState[]) {
  const at = hours.map(({ hour }) => hour);
  return {
    project: hours[0]?.projectId ?? '',
    hours: at,
    from: Math.min(...at),
    to: Math.max(...at) + hourMs,
    versions: hours.map(({ marked }) => marked),
    retained: hours.map(({ retainUntil }) => retainUntil),
  };
}
