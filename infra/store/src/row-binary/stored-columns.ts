import { type EventRow, eventColumns } from '@px-platform/schemas';
import { refuseValue } from './refuse-value.ts';

/** Columns of a row that the engine tells from others, and those that hold what can't be told so. */
const own: Readonly<Partial<Record<keyof EventRow, string>>> = { person_key: 'own_person_key' };

/** What rows are inserted into: `eventColumns`, in their order, by the names of the columns that hold them. */
export const storedColumns: readonly string[] = eventColumns.map((column) => own[column] ?? column);

/**
 * Gives what is stored of a row's `person_key`: '' where it is the `anonymous_id`. Throws `store_refused_rows` for a row of nobody
 * that bears an `anonymous_id`: it would be read as that person's.
 */
export function toOwnPersonKey({ person_key, anonymous_id }: EventRow): string {
  if (person_key === anonymous_id) return '';
  if (person_key === '') refuseValue('person_key beside an anonymous_id', person_key);
  return person_key;
}
