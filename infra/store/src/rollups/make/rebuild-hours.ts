import type { Statement } from '../../statement.ts';
import { eventHourMs, hourMs, toHour, toHourSql } from '../hour.ts';
import type { RollupRange } from '../rollup-store.ts';

/** Marks all hours of a time as stale: those that are known and those that hold events, should a mark have been lost. */
export function markAllHours(projectId: string, { from, to }: RollupRange, now: number): Statement {
  return {
    sql: `
INSERT INTO rollup_hours (project_id, hour, marked, first_expiry, retain_until)
SELECT {project:String}, at, greatest({now:UInt64}, max(last) + 1), min(expiry), max(retained)
FROM
(
    SELECT hour AS at, greatest(marked, taken) AS last, first_expiry AS expiry, retain_until AS retained
    FROM rollup_hours
    WHERE project_id = {project:String} AND hour >= ${toHourSql('from')} AND hour < ${toHourSql('to')}
    UNION ALL
    SELECT fromUnixTimestamp64Second(intDiv(${eventHourMs}, 1000), 'UTC') AS at, 0, min(retain_until), max(retain_until)
    FROM events
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY at
)
GROUP BY at
SETTINGS max_threads = 1`,
    params: { project: projectId, now, from: toHour(from), to: toHour(to - 1) + hourMs },
  };
}

/** Counts the hours of a time that began before `before`, and those of them that wait to be made. */
export function selectProgress(projectId: string, { from, to }: RollupRange, before: number): Statement {
  return {
    sql: `
SELECT count(), countIf(is_stale)
FROM
(
    SELECT max(marked) > least(max(built), max(sessions_built)) AND min(first_expiry) > today() AS is_stale
    FROM rollup_hours
    WHERE project_id = {project:String} AND hour >= ${toHourSql('from')} AND hour < ${toHourSql('to')}
    GROUP BY hour
)
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: { project: projectId, from: toHour(from), to: Math.min(toHour(to - 1) + hourMs, before) },
  };
}
