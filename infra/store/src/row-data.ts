import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AuditRow, auditColumns, type DeadLetter, type EventRow, eventColumns } from '@px-platform/schemas';

/** Rows written in one turn of the event loop: requests are answered between turns. */
const sliceRows = 200;

/** Gives rows as ClickHouse's JSONCompactEachRow in parts, values in the order of `eventColumns`. */
export async function toRowData(rows: readonly EventRow[]): Promise<string[]> {
  const parts: string[] = [];
  for (let at = 0; at < rows.length; at += sliceRows) {
    if (at > 0) await nextTurn();
    parts.push(
      rows
        .slice(at, at + sliceRows)
        .map(toLine)
        .join('\n'),
    );
  }
  return parts;
}

function toLine(row: EventRow): string {
  const values: unknown[] = [];
  for (const column of eventColumns) {
    const value = row[column];
    values.push(column === 'timestamp' || column === 'received_at' ? toDateTime64(row[column]) : value);
  }
  return JSON.stringify(values);
}

/** Gives audit rows as ClickHouse's JSONCompactEachRow, values in the order of `auditColumns`. */
export function toAuditData(rows: readonly AuditRow[]): string {
  return rows.map((row) => JSON.stringify(auditColumns.map((column) => toAuditValue(row, column)))).join('\n');
}

function toAuditValue(row: AuditRow, column: keyof AuditRow): string | number {
  return column === 'timestamp' || column === 'received_at' ? toDateTime64(row[column]) : row[column];
}

/** Gives dead letters as JSONEachRow. */
export function toDeadLetterData(letters: readonly DeadLetter[]): string {
  return letters
    .map((letter) => JSON.stringify({ ...letter, received_at: toDateTime64(letter.received_at) }))
    .join('\n');
}

/** DateTime64(3) holds 1900-01-01 to 2299-12-31; what lies outside is set to the nearer end. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

const maxKeptSeconds = 10_000;
const secondTexts = new Map<number, string>();

/** Gives an instant (epoch ms) as DateTime64(3). Seconds are written once and kept, since the rows of a batch share most of theirs. */
export function toDateTime64(at: number): string {
  const bounded = Math.trunc(Math.min(Math.max(at, earliest), latest));
  const second = Math.floor(bounded / 1_000);
  let text = secondTexts.get(second);
  if (text === undefined) {
    text = new Date(second * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    if (secondTexts.size >= maxKeptSeconds) secondTexts.clear();
    secondTexts.set(second, text);
  }
  return `${text}.${String(bounded - second * 1_000).padStart(3, '0')}`;
}
