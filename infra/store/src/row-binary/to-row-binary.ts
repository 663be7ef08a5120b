import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventRow } from '@px-platform/schemas';
import { createByteSink } from './byte-sink.ts';
import { writeEventRow } from './write-event-row.ts';

/** Rows written in one turn of the event loop: questions are answered between turns. */
const sliceRows = 500;
/** About what a row of a page view takes. */
const bytesPerRow = 800;

/**
 * Gives rows as ClickHouse's RowBinary, values in the order of `storedColumns`. Throws `store_refused_rows` where a value
 * is none of its column's type.
 */
export async function toRowBinary(rows: readonly EventRow[]): Promise<Buffer> {
  const sink = createByteSink(1_024 + rows.length * bytesPerRow);
  for (let at = 0; at < rows.length; at += sliceRows) {
    if (at > 0) await nextTurn();
    for (const row of rows.slice(at, at + sliceRows)) writeEventRow(sink, row);
  }
  return sink.written();
}
