import { eventColumns } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';

const columns = [...eventColumns, 'stored_at'].join(', ');

/**
 * The last row seen of one partition of the log in one month of the table (YYYYMM): an insert shows its
 * rows month by month, so that only within a month the order of the offsets is the order of arrival.
 */
export interface LiveHead {
  readonly logId: string;
  readonly partition: number;
  readonly month: number;
  readonly offset: number;
  readonly index: number;
  /** Epoch ms. */
  readonly storedAt: number;
}

/** How far a live stream has come: the heads, and when to look from (epoch ms). */
export interface LiveCursor {
  readonly at: number;
  readonly heads: readonly LiveHead[];
}

/** Gives rows stored since the cursor, in the order in which they were stored, every column. */
export function toRowsSince(projectId: string, cursor: LiveCursor, limit: number): Statement {
  return {
    sql: `
SELECT ${columns}
FROM events
WHERE project_id = {project:String}
  AND stored_at >= fromUnixTimestamp64Milli({at:Int64})
  AND NOT arrayExists(
    (log, partition, month, offset, index) -> log = _log AND partition = _partition AND month = toYYYYMM(day) AND (offset, index) >= (_offset, _index),
    {logs:Array(String)}, {partitions:Array(UInt16)}, {months:Array(UInt32)}, {offsets:Array(UInt64)}, {indexes:Array(UInt16)})
ORDER BY stored_at, _log, _partition, _offset, _index
LIMIT {limit:UInt32}`,
    params: {
      project: projectId,
      at: cursor.at,
      logs: cursor.heads.map((head) => head.logId),
      partitions: cursor.heads.map((head) => head.partition),
      months: cursor.heads.map((head) => head.month),
      offsets: cursor.heads.map((head) => head.offset),
      indexes: cursor.heads.map((head) => head.index),
      limit,
    },
  };
}

/** Gives the newest dead letters first. */
export function toDeadLetters(projectId: string | null, limit: number): Statement {
  return {
    sql: `
SELECT project_id, reason, stage, message, log, \`partition\`, \`offset\`, \`index\`, received_at, payload
FROM dead_letters FINAL
${projectId === null ? '' : 'WHERE project_id = {project:String}\n'}ORDER BY stored_at DESC, \`offset\` DESC
LIMIT {limit:UInt32}`,
    params: { limit, ...(projectId === null ? {} : { project: projectId }) },
  };
}
