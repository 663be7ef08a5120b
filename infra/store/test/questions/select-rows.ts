import type { EventRow } from '@px-platform/schemas';

/** Which rows a reference is about; `to` is exclusive, `keep` stands for event and filters. */
export interface Selection {
  readonly from: number;
  readonly to: number;
  readonly keep?: (row: EventRow) => boolean;
}

/** Tells whether a row is asked for. */
export function isSelected(row: EventRow, { from, to, keep = () => true }: Selection): boolean {
  return row.timestamp >= from && row.timestamp < to && keep(row);
}

/** Gives rows in the order of their time, then of their ids. */
export function inOrder(rows: readonly EventRow[]): EventRow[] {
  return rows.toSorted((a, b) => a.timestamp - b.timestamp || (a.event_id < b.event_id ? -1 : 1));
}

/** Gives the sessions that hold a row asked for, each whole and in order. */
export function selectSessions(rows: readonly EventRow[], selection: Selection): EventRow[][] {
  const sessions = Map.groupBy(inOrder(rows), (row) => row.session_id);
  return [...sessions.values()].filter((session) => session.some((row) => isSelected(row, selection)));
}

/** Gives the number of different values. */
export function countDistinct(values: readonly string[]): number {
  return new Set(values).size;
}

/** Gives groups with the largest number in `column` first, then by name. */
export function inRank(rows: readonly (readonly [string, ...number[]])[], column: number): unknown[][] {
  return rows
    .toSorted((a, b) => Number(b[column]) - Number(a[column]) || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])))
    .map((row) => [...row]);
}
