import { eventRows } from '../../queries/measures.ts';
import type { Statement } from '../../statement.ts';
import type { RollupDimension } from '../dimensions.ts';
import { columnHourMs, eventHourMs, hourMs, toHour, toHourSql } from '../hour.ts';
import type { Run } from './stale-runs.ts';

/** What is counted: of a project in a time, by one dimension, of one event or of all. */
export interface Counted extends Run {
  readonly projectId: string;
  readonly dimension: RollupDimension;
  readonly event?: string | undefined;
}

/**
 * Gives counts as a sub-query, columns `at` (the hour, DateTime64(3)), `event`, `value`, `n`: the runs from `events`, the
 * rest from the rollup. Each hour is read from one of the two, whatever changes meanwhile.
 */
export function toRolledCounts({ projectId, dimension, event, from, to }: Counted, runs: readonly Run[]): Statement {
  const value = dimension === 'event' ? "''" : `toString(${dimension})`;
  const ofEvent = event === undefined ? '' : ' AND event = {event:String}';
  const notOf = runs.map(
    (_, at) => `\n      AND NOT (hour >= ${toHourSql(`run${at}_hour`)} AND hour < ${toHourSql(`run${at}_end`)})`,
  );
  const runsSql = runs.map(
    (_, at) =>
      `(timestamp >= fromUnixTimestamp64Milli({run${at}_from:Int64}) AND timestamp < fromUnixTimestamp64Milli({run${at}_to:Int64}))`,
  );
  const rolled = `
    SELECT fromUnixTimestamp64Milli(${columnHourMs}, 'UTC') AS at, counts.event AS event, counts.value AS value, counts.events AS n
    FROM (SELECT hour, counts.event, counts.value, counts.events FROM rollups FINAL
    WHERE project_id = {project:String} AND dimension = {dimension:String}
      AND hour >= ${toHourSql('first')} AND hour < ${toHourSql('to')}${notOf.join('')})
    ARRAY JOIN counts.event, counts.value, counts.events
    WHERE true${ofEvent}`;
  const fresh = `
    SELECT fromUnixTimestamp64Milli(${eventHourMs}, 'UTC') AS at, toString(event) AS event, ${value} AS value, count() AS n
    FROM ${eventRows}
    WHERE project_id = {project:String} AND (${runsSql.join(' OR ')})${ofEvent}
    GROUP BY at, event, value`;
  const params: Record<string, unknown> = { project: projectId, dimension, first: toHour(from), to };
  for (const [at, run] of runs.entries()) {
    params[`run${at}_hour`] = toHour(run.from);
    params[`run${at}_from`] = run.from;
    params[`run${at}_to`] = run.to;
    params[`run${at}_end`] = toHour(run.to - 1) + hourMs;
  }
  return {
    sql: `(${rolled}${runs.length === 0 ? '' : `\n    UNION ALL${fresh}`}\n)`,
    params: event === undefined ? params : { ...params, event },
  };
}
