import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { type Made, selectStale } from '../ask/stale-runs.ts';
import { rollupDimensions } from '../dimensions.ts';
import { columnHourMs, hourMs, toHour } from '../hour.ts';
import type { RollupCheck, RollupDifference, RollupRange } from '../rollup-store.ts';
import { selectStayDifferences } from '../stays/select-stay-differences.ts';
import { countsOfEvents } from './counts-of-events.ts';
import { toHours } from './hours-params.ts';

const maxDifferences = 100;

/**
 * Compares the rollup of a short time (a day), and its sessions, with its events. Hours that are stale before or after are left out:
 * rows that are stored meanwhile make no difference. Throws `store_unavailable`, `query_over_budget`.
 */
export async function checkDay(engine: Engine, projectId: string, range: RollupRange): Promise<RollupCheck> {
  const hours: number[] = [];
  for (let hour = toHour(range.from); hour < range.to; hour += hourMs) hours.push(hour);
  const compare = async (made: Made, select: typeof selectDifferences): Promise<Compared> => {
    const readStale = async (): Promise<ReadonlySet<number>> => {
      const { rows } = await engine.ask(selectStale(projectId, made, range));
      return new Set(rows.map(([hour]) => Number(hour)));
    };
    const before = await readStale();
    const held = hours.filter((hour) => !before.has(hour));
    if (held.length === 0) return { stale: before, rows: [] };
    const { rows } = await engine.ask(select(projectId, held));
    const after = await readStale();
    return { stale: new Set([...before, ...after]), rows: rows.filter(([hour]) => !after.has(Number(hour))) };
  };
  const counts = await compare('rollups', selectDifferences);
  const sessions = await compare('session_hours', selectStayDifferences);
  const checked = hours.filter((hour) => !counts.stale.has(hour) && !sessions.stale.has(hour));
  const differences = [...counts.rows.map(toDifference), ...sessions.rows.map(toSessionDifference)];
  return { checked: checked.length, stale: hours.length - checked.length, differences };
}

/** What was found of one table: hours (epoch ms) left out, and rows of the others that differ, their hour first. */
interface Compared {
  readonly stale: ReadonlySet<number>;
  readonly rows: readonly unknown[][];
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
    params: { project: projectId, ...toHours(hours) },
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

/** Stays are too many numbers to be told: how many there are of each side. */
function toSessionDifference([hour, stored, rolled]: unknown[]): RollupDifference {
  return {
    hour: Number(hour),
    dimension: 'session',
    event: '',
    value: '',
    stored: Number(stored),
    rolled: Number(rolled),
  };
}
