import type { Statement } from '../../statement.ts';
import { columnHourMs } from '../hour.ts';
import { eventsOfHours, toHours } from '../make/hours-params.ts';
import { stayKeys, stayMeasures } from './stay-columns.ts';
import { toStaysOfEvents } from './stays-of-events.ts';

const ofEvents = [...stayKeys, ...stayMeasures.map((measure) => `stay_${measure}`)].join(', ');
const ofRow = [...stayKeys, ...stayMeasures].map((name) => `stays.${name}`).join(', ');

/**
 * Compares the sessions of these hours of one day with the events: columns hour (epoch ms), stays that only the events tell of, stays
 * that only the table does.
 */
export function selectStayDifferences(projectId: string, hours: readonly number[]): Statement {
  return {
    sql: `
SELECT at, countIf(balance > 0), countIf(balance < 0)
FROM
(
    SELECT at, ${ofEvents}, sum(one) AS balance
    FROM
    (
        SELECT at, ${ofEvents}, toInt8(1) AS one FROM ${toStaysOfEvents({ where: eventsOfHours, measures: stayMeasures })}
        UNION ALL
        SELECT at, ${ofRow}, toInt8(-1)
        FROM (SELECT ${columnHourMs} AS at, ${ofRow} FROM session_hours FINAL WHERE project_id = {project:String} AND at IN {hours:Array(Int64)})
        ARRAY JOIN ${ofRow}
    )
    GROUP BY at, ${ofEvents}
    HAVING balance != 0
)
GROUP BY at
ORDER BY at
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0, max_bytes_before_external_group_by = 400000000,
    max_memory_usage = 1000000000, do_not_merge_across_partitions_select_final = 1`,
    params: { project: projectId, ...toHours(hours) },
  };
}
