import { type EventRow, eventColumns } from '@px-platform/schemas';
import { writeWideNumbers } from '../src/row-binary/write-wide-numbers.ts';
import { toDateTime64 } from '../src/row-data.ts';

/** Gives rows as lines of JSONCompactEachRow, values in the order of `columns`: what the engine reads in its own way. */
export function toRowLines(rows: readonly EventRow[], columns: readonly (keyof EventRow)[] = eventColumns): string[] {
  return rows.map((row) =>
    writeWideNumbers(
      JSON.stringify(
        columns.map((column) =>
          column === 'timestamp' || column === 'received_at' ? toDateTime64(row[column]) : row[column],
        ),
      ),
    ),
  );
}
