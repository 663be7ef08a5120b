import { type EventRow, eventColumns } from '@px-platform/schemas';
import { toBoundedMs } from '../row-data.ts';
import { refuseValue } from './refuse-value.ts';

/** Columns of a row that the engine tells from others, and those that hold what can't be told so. */
const own: Readonly<Partial<Record<keyof EventRow, string>>> = {
  person_key: 'own_person_key',
  request_id: 'own_request_id',
  url: 'own_url',
};

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

let lastReceivedAt = Number.NaN;
let lastTime = '';

/**
 * Gives what is stored of a row's `request_id`: of a UUIDv7 that was made when the request was received, as the server makes them,
 * what follows its time, after a colon. Throws `store_refused_rows` for an id that begins with one: the server takes none.
 */
export function toOwnRequestId({ request_id, received_at }: EventRow): string {
  if (request_id.startsWith(':')) refuseValue('request_id without a colon', request_id);
  if (received_at !== lastReceivedAt) {
    lastTime = toUuidTime(toBoundedMs(received_at));
    lastReceivedAt = received_at;
  }
  return lastTime !== '' && request_id.startsWith(lastTime) ? `:${request_id.slice(lastTime.length)}` : request_id;
}

/** The first two fields of a UUIDv7 of this instant, and what parts them from the third; '' where it is before 1970, or none. */
function toUuidTime(at: number): string {
  if (!(at >= 0)) return '';
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`;
}
