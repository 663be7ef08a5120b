import { joinedPerson, personId } from '../../queries/measures.ts';
import type { Statement } from '../../statement.ts';
import { toRunsSql } from '../ask/runs-sql.ts';
import type { Run } from '../ask/stale-runs.ts';
import { columnHourMs } from '../hour.ts';
import { type StayDimension, type StayMeasure, stayMeasures } from './stay-columns.ts';
import { toStaysOfEvents } from './stays-of-events.ts';

/** Which stays a question reads: of a project in a time (epoch ms), with which of their columns. */
export interface StaysRead extends Run {
  readonly projectId: string;
  readonly columns: readonly (StayDimension | StayMeasure)[];
  /** Columns that follow of the hour alone, as SQL over `at`: worked out once an hour. */
  readonly ofHour?: readonly string[];
  /** Whether `person` is looked up in `joined`, with which the statement begins then; else it is 0. */
  readonly namesPersons: boolean;
  /** Whether stays are told apart by the time asked for (parameters `from` and `to`), as `is_asked`. */
  readonly isApart?: boolean;
}

/** Rows are few and large: the engine would leave them to one thread. */
const inParallel = 'merge_tree_min_rows_for_concurrent_read = 1, merge_tree_min_bytes_for_concurrent_read = 1';
const always = ['session', 'person_key_hash', 'user_hash'];
const eventIsAsked =
  'timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND timestamp < fromUnixTimestamp64Milli({to:Int64})';

/**
 * Gives stays as a sub-query, columns `at` (the hour, epoch ms), `session`, `person_key_hash`, `user_hash`, those asked for, and `person`: the
 * runs from `events`, the rest as they are stored. Each hour is read from one of the two, whatever changes meanwhile.
 */
export function toStays(read: StaysRead, runs: readonly Run[]): Statement {
  const { made, fresh, params } = toRunsSql(read, runs);
  const columns = [...always, ...read.columns];
  const isApart = read.isApart === true;
  const ofHour = ['at', ...(read.ofHour ?? [])];
  const stored = columns.map((column) => `stays.${column}`).join(', ');
  const named = columns.map((column) => `stays.${column} AS ${toName(column)}`);
  const measures = read.columns.filter(isMeasure);
  const sql = `
    SELECT ${[...ofHour, ...(isApart ? ['is_asked'] : []), ...named].join(', ')}
    FROM (SELECT ${columnHourMs} AS at, ${isApart ? 'at >= {from:Int64} AND at < {to:Int64} AS is_asked, ' : ''}${stored}
    FROM session_hours FINAL
    WHERE project_id = {project:String}
      AND ${made}
    SETTINGS ${inParallel})
    ARRAY JOIN ${stored}`;
  const union = `
    UNION ALL
    SELECT ${[...ofHour, ...(isApart ? ['is_asked'] : []), ...columns.map(toName)].join(', ')}
    FROM ${toStaysOfEvents({ where: fresh, measures, isAsked: isApart ? eventIsAsked : undefined })}`;
  const stays = `(${sql}${runs.length === 0 ? '' : union}\n)`;
  return {
    sql: read.namesPersons
      ? `(SELECT stays.*, ${joinedPerson} AS person FROM ${stays} AS stays\nLEFT ANY JOIN joined ON joined.id_hash = ${personId})`
      : `(SELECT *, toUInt64(0) AS person FROM ${stays})`,
    params: { project: read.projectId, ...params },
  };
}

function isMeasure(column: StayDimension | StayMeasure): column is StayMeasure {
  return stayMeasures.some((measure) => measure === column);
}

function toName(column: string): string {
  return stayMeasures.some((measure) => measure === column) ? `stay_${column}` : column;
}
