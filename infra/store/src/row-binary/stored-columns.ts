import { type EventRow, eventColumns } from '@px-platform/schemas';
import { refuseValue } from './refuse-value.ts';

/** Columns of a row that the engine tells from others, and those that hold what can't be told so. */
const own: Readonly<Partial<Record<keyof EventRow, string>>> = { person_key: 'own_person_key', url: 'own_url' };

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

/**
 * Gives what is stored of a row's `url`: '' where host, path and search tell all of it, which they do of most pages. Not so of a
 * port, a fragment, a scheme other than https, or a path that the client names itself. Throws `store_refused_rows` for a host
 * without a URL: one would be told of it.
 */
export function toOwnUrl({ url, host, path, search }: EventRow): string {
  if (host === '') return url;
  if (url === '') refuseValue('url beside a host', url);
  // Halves of one character in two columns are none once they are UTF-8.
  const isParted = path.startsWith('/') && (search === '' || search.startsWith('?'));
  return isParted && url === `https://${host}${path}${search}` ? '' : url;
}
