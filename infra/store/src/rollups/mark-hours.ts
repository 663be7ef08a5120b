import type { Clock } from '@px-platform/runtime';
import type { EventRow } from '@px-platform/schemas';
import type { Engine } from '../engine.ts';
import type { RowBatch } from '../event-store.ts';
import type { Statement } from '../statement.ts';
import { inRanges, type StoredRange } from '../stored-range.ts';
import { columnHourMs, eventHourMs, toHour, toHourSql } from './hour.ts';
import { type HourState, hourStateColumns, parseHourState } from './hour-state.ts';
import { insertHours } from './insert-hours.ts';

/**
 * Marks the hours of stored ranges as stale, where they are not. Comes after the rows and, as sessions do, from what is
 * stored: after a crash a range is derived again though its rows are held. Where none was left out, the rows given are
 * these, and the engine needs not be asked for them, which costs more than all else here. An hour that is stale already, and that
 * nobody has begun to make, needs no mark: whoever takes it later reads these rows. Throws `store_unavailable`.
 */
export async function markHours(engine: Engine, batches: readonly RowBatch[], clock: Clock): Promise<void> {
  const given = batches.flatMap(({ rows, isWhole }) => (isWhole ? toTouched(rows) : []));
  const ranges = batches.filter(({ isWhole }) => !isWhole);
  const read = ranges.length === 0 ? [] : (await engine.ask(selectTouched(ranges))).rows.map(parseHourState);
  const touched = joinHours([...given, ...read]);
  if (touched.length === 0) return;
  const known = (await engine.ask(selectHours(touched))).rows.map(parseHourState);
  const byHour = new Map(known.map((state) => [toKey(state), state]));
  await insertHours(
    engine,
    touched.flatMap((hour) => toMark(hour, byHour.get(toKey(hour)), clock()) ?? []),
  );
}

/**
 * Gives the mark that an hour needs, or null. `now` keeps marks growing where the table's TTL has forgotten the hour. A mark
 * stays as long as what was known of the hour: going earlier by TTL, it would leave a rollup that lacks its events.
 */
export function toMark(touched: HourState, known: HourState | undefined, now: number): HourState | null {
  if (known === undefined) return { ...touched, marked: now };
  const [firstExpiry = ''] = [touched.firstExpiry, known.firstExpiry].sort();
  const [, retainUntil = ''] = [touched.retainUntil, known.retainUntil].sort();
  const isWaiting = known.marked > known.taken;
  if (isWaiting && firstExpiry === known.firstExpiry && retainUntil === known.retainUntil) return null;
  return { ...touched, firstExpiry, retainUntil, marked: Math.max(now, known.marked + 1, known.taken + 1) };
}

/** Gives each hour once: its rows go as early and stay as long as those of all that were given. */
export function joinHours(hours: readonly HourState[]): HourState[] {
  const byKey = new Map<string, HourState>();
  for (const hour of hours) {
    const found = byKey.get(toKey(hour)) ?? hour;
    const [firstExpiry = ''] = [found.firstExpiry, hour.firstExpiry].sort();
    const [, retainUntil = ''] = [found.retainUntil, hour.retainUntil].sort();
    byKey.set(toKey(hour), { ...found, firstExpiry, retainUntil });
  }
  return [...byKey.values()];
}

function toKey({ projectId, hour }: HourState): string {
  return `${projectId} ${hour}`;
}

/** Gives the hours of these rows, without marks, in the order of their first rows. */
export function toTouched(rows: readonly EventRow[]): HourState[] {
  const byProject = new Map<string, Map<number, { projectId: string; hour: number; first: string; last: string }>>();
  for (const { project_id, timestamp, retain_until } of rows) {
    let hours = byProject.get(project_id);
    if (hours === undefined) {
      hours = new Map();
      byProject.set(project_id, hours);
    }
    const hour = toHour(timestamp);
    const found = hours.get(hour);
    if (found === undefined) {
      hours.set(hour, { projectId: project_id, hour, first: retain_until, last: retain_until });
      continue;
    }
    if (retain_until < found.first) found.first = retain_until;
    if (retain_until > found.last) found.last = retain_until;
  }
  return [...byProject.values()].flatMap((hours) =>
    [...hours.values()].map(({ projectId, hour, first, last }) => ({
      projectId,
      hour,
      marked: 0,
      taken: 0,
      built: 0,
      broad: 0,
      sessionsBuilt: 0,
      crowded: 0,
      firstExpiry: first,
      retainUntil: last,
    })),
  );
}

/** Gives the hours of stored ranges, without marks. */
export function selectTouched(ranges: readonly StoredRange[]): Statement {
  const { sql, params } = inRanges(ranges);
  return {
    sql: `
SELECT project_id, ${eventHourMs} AS hour, 0, 0, 0, 0, 0, 0, toString(min(retain_until)), toString(max(retain_until))
FROM events
WHERE ${sql}
GROUP BY project_id, hour
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params,
  };
}

function selectHours(hours: readonly HourState[]): Statement {
  return {
    sql: `
SELECT ${hourStateColumns}
FROM rollup_hours
WHERE project_id IN {projects:Array(String)} AND hour BETWEEN ${toHourSql('first')} AND ${toHourSql('last')}
  AND ${columnHourMs} IN {hours:Array(Int64)}
GROUP BY project_id, hour
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: {
      projects: [...new Set(hours.map(({ projectId }) => projectId))],
      hours: [...new Set(hours.map(({ hour }) => hour))],
      first: Math.min(...hours.map(({ hour }) => hour)),
      last: Math.max(...hours.map(({ hour }) => hour)),
    },
  };
}
