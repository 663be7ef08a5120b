import { type AuditRow, auditColumns, type DeadLetter } from '@px-platform/schemas';

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
  const bounded = toBoundedMs(at);
  const second = Math.floor(bounded / 1_000);
  let text = secondTexts.get(second);
  if (text === undefined) {
    text = new Date(second * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    if (secondTexts.size >= maxKeptSeconds) secondTexts.clear();
    secondTexts.set(second, text);
  }
  return `${text}.${String(bounded - second * 1_000).padStart(3, '0')}`;
}

/** Gives the nearest instant (epoch ms, whole) that DateTime64(3) holds. */
export function toBoundedMs(at: number): number {
  return Math.trunc(Math.min(Math.max(at, earliest), latest));
}
