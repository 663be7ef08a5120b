import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { columnHourMs } from '../hour.ts';
import type { HourState } from '../hour-state.ts';
import { insertHours } from '../insert-hours.ts';
import { insertStays } from '../stays/insert-stays.ts';
import { insertRollups } from './insert-rollups.ts';
import { findStaleHours, type RollupDay } from './stale-days.ts';

/** Sessions of hours with so many events are made at once: more would not be held in memory. */
const maxEvents = 500_000;

/**
 * Makes the rollup of a day's stale hours that began before `before` (epoch ms), and their sessions, from what is stored, and gives how
 * many. The order makes it right whatever is killed and whoever else stores or makes at once: say up to which mark the hours
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
  const { rows } = await engine.ask(selectRolled(stale));
  const rolled = new Map(
    rows.map(([hour, isBroad, events]) => [Number(hour), { isBroad: isBroad === 1, events: Number(events) }]),
  );
  for (const some of toSlices(stale, ({ hour }) => rolled.get(hour)?.events ?? 0)) await engine.run(insertStays(some));
  const crowded = new Set((await engine.ask(selectCrowded(stale))).rows.map(([hour]) => Number(hour)));
  await insertHours(
    engine,
    stale.map((hour) => ({
      ...hour,
      built: hour.marked,
      broad: rolled.get(hour.hour)?.isBroad === true ? hour.marked : 0,
      sessionsBuilt: hour.marked,
      crowded: crowded.has(hour.hour) ? hour.marked : 0,
    })),
  );
  return stale.length;
}

/** Cuts hours into slices of not more than `maxEvents`, but for an hour that has more. */
function toSlices(hours: readonly HourState[], eventsOf: (hour: HourState) => number): HourState[][] {
  const slices: HourState[][] = [];
  let held = Number.POSITIVE_INFINITY;
  for (const hour of hours) {
    held += eventsOf(hour);
    if (held <= maxEvents) slices.at(-1)?.push(hour);
    else {
      slices.push([hour]);
      held = eventsOf(hour);
    }
  }
  return slices;
}

/** Of each of these hours whether it has too many counts, and how many events: where none of a dimension's counts are kept, many. */
function selectRolled(hours: readonly HourState[]): Statement {
  return {
    sql: `
SELECT ${columnHourMs} AS at, toUInt8(max(NOT is_whole)), if(anyIf(is_whole, dimension = 'event'), sumIf(arraySum(counts.events), dimension = 'event'), ${maxEvents})
FROM rollups FINAL
WHERE project_id = {project:String} AND ${columnHourMs} IN {hours:Array(Int64)}
GROUP BY at
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: toParams(hours),
  };
}

/** Which of these hours have too many stays. */
function selectCrowded(hours: readonly HourState[]): Statement {
  return {
    sql: `
SELECT ${columnHourMs}
FROM session_hours FINAL
WHERE project_id = {project:String} AND NOT is_whole AND ${columnHourMs} IN {hours:Array(Int64)}
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: toParams(hours),
  };
}

function toParams(hours: readonly HourState[]) {
  return { project: hours[0]?.projectId ?? '', hours: hours.map(({ hour }) => hour) };
}
