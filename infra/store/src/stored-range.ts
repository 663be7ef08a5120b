import type { RowBatch } from './event-store.ts';
import type { Statement } from './statement.ts';

/** Rows of one partition's records that are stored, both ends included. */
export type StoredRange = Pick<RowBatch, 'logId' | 'partition' | 'firstOffset' | 'lastOffset'>;

/** Gives the condition that chooses the rows of one range or more, and its parameters. */
export function inRanges(ranges: readonly StoredRange[]): Statement {
  const clauses = ranges.map(
    (_, at) =>
      `_log = {log${at}:String} AND _partition = {partition${at}:UInt16} AND _offset BETWEEN {first${at}:UInt64} AND {last${at}:UInt64}`,
  );
  const params = ranges.flatMap(({ logId, partition, firstOffset, lastOffset }, at) => [
    [`log${at}`, logId],
    [`partition${at}`, partition],
    [`first${at}`, firstOffset],
    [`last${at}`, lastOffset],
  ]);
  return { sql: `(${clauses.join('\n  OR ')})`, params: Object.fromEntries(params) };
}
