import { eventRows } from '../../queries/measures.ts';
import type { Statement } from '../../statement.ts';
import type { RollupDimension } from '../dimensions.ts';
import { columnHourMs, eventHourMs } from '../hour.ts';
import { toRunsSql } from './runs-sql.ts';
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
  const { made, fresh: ofRuns, params } = toRunsSql({ from, to }, runs);
  const rolled = `
    SELECT fromUnixTimestamp64Milli(${columnHourMs}, 'UTC') AS at, counts.event AS event, counts.value AS value, counts.events AS n
    FROM (SELECT hour, counts.event, counts.value, counts.events FROM rollups FINAL
    WHERE project_id = {project:String} AND dimension = {dimension:String}
      AND ${made})
    ARRAY JOIN counts.event, counts.value, counts.events
    WHERE true${ofEvent}`;
  const fresh = `
    SELECT fromUnixTimestamp64Milli(${eventHourMs}, 'UTC') AS at, toString(event) AS event, ${value} AS value, count() AS n
    FROM ${eventRows}
    WHERE project_id = {project:String} AND ${ofRuns}${ofEvent}
    GROUP BY at, event, value`;
  return {
    sql: `(${rolled}${runs.length === 0 ? '' : `\n    UNION ALL${fresh}`}\n)`,
    params: { project: projectId, dimension, ...params, ...(event === undefined ? {} : { event }) },
  };
}
