import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { selectStale } from '../ask/stale-runs.ts';
import { rollupDimensions } from '../dimensions.ts';
import { columnHourMs, hourMs, toHour } from '../hour.ts';
import type { RollupCheck, RollupDifference, RollupRange } from '../rollup-store.ts';
import { countsOfEvents } from './counts-of-events.ts';

const maxDifferences = 100;

/**
 * Compares the rollup of a short time (a day) with its events. Hours that are stale before or after are left out: rows that
 * are stored meanwhile make no difference. Throws `store_unavailable`, `query_over_budget`.
 */
export async function checkDay(engine: Engine, projectId: string, range: RollupRange): Promise<RollupCheck> {
  const hours: number[] = [];
  for (let hour = toHour(range.from); hour < range.to; hour += hourMs) hours.push(hour);
  const readStale = async (): Promise<ReadonlySet<number>> => {
    const { rows } = await engine.ask(selectStale(projectId, range));
    return new Set(rows.map(([hour]) => Number(hour)));
  };
  const before = await readStale();
  const held = hours.filter((hour) => !before.has(hour));
  if (held.length === 0) return { checked: 0, stale: hours.length, differences: [] };
  const { rows } = await engine.ask(selectDifferences(projectId, held));
  const after = await readStale();
  const checked = held.filter((hour) => !after.has(hour));
  const differences = rows.map(toDifference).filter(({ hour }) => !after.has(hour));
  return { checked: checked.length, stale: hours.length - checked.length, differences };
}

function selectDifferences(projectId: string, hours: readonly number[]): Statement {
  return {
    sql: `
SELECT at, dimension, event, value, sum(of_events) AS stored, sum(of_rollup) AS rolled
FROM
(
    SELECT at, dimension, event, value, events AS of_events, 0 AS of_rollup FROM ${countsOfEvents}
    UNION ALL
    SELECT at, dimension, count.1, count.2, 0, count.3
    FROM
    (
        SELECT ${columnHourMs} AS at, dimension, arrayJoin(arrayZip(counts.event, counts.value, counts.events)) AS count
        FROM rollups FINAL
        WHERE project_id = {project:String} AND ${columnHourMs} IN {hours:Array(Int64)}
    )
)
GROUP BY at, dimension, event, value
HAVING stored != rolled
ORDER BY at, dimension, event, value
LIMIT ${maxDifferences}
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0, max_memory_usage = 1000000000,
    do_not_merge_across_partitions_select_final = 1`,
    params: {
      project: projectId,
      hours,
      from: Math.min(...hours),
      to: Math.max(...hours) + hourMs,
    },
  };
}

function toDifference([hour, dimension, event, value, stored, rolled]: unknown[]): RollupDifference {
  return {
    hour: Number(hour),
    dimension: rollupDimensions.find((one) => one === dimension) ?? 'event',
    event: String(event),
    value: String(value),
    stored: Number(stored),
    rolled: Number(rolled),
  };
}
