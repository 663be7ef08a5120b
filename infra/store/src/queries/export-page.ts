import type { Statement } from '../statement.ts';

/** Where a page of an export ended: the next one begins after it. */
export interface ExportCursor {
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly logId: string;
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
}

/** What is exported: a table and its columns. */
export interface ExportSource {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Gives rows received in `from` <= t < `to` after the cursor, in order of `received_at`, every column. */
export function toExportPage(
  source: ExportSource,
  projectId: string,
  page: { readonly range: { from: number; to: number }; readonly after: ExportCursor | null; readonly limit: number },
): Statement {
  const { range, after, limit } = page;
  const order = 'received_at, _log, _partition, _offset, _index';
  const next =
    after === null
      ? ''
      : `
  AND (${order}) > (fromUnixTimestamp64Milli({at:Int64}), {log:String}, {partition:UInt16}, {offset:UInt64}, {index:UInt16})`;
  return {
    sql: `
SELECT ${source.columns.join(', ')}
FROM ${source.table}
WHERE project_id = {project:String}
  AND received_at >= fromUnixTimestamp64Milli({from:Int64})
  AND received_at < fromUnixTimestamp64Milli({to:Int64})${next}
ORDER BY ${order}
LIMIT {limit:UInt32}`,
    params: {
      project: projectId,
      from: range.from,
      to: range.to,
      limit,
      ...(after === null
        ? {}
        : {
            at: after.receivedAt,
            log: after.logId,
            partition: after.partition,
            offset: after.offset,
            index: after.index,
          }),
    },
  };
}
