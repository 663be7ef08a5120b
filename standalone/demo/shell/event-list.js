import { drawEventRow } from './event-row.js';

/** @typedef {Readonly<Record<string, unknown>>} Row */

const maxShown = 200;
const maxRemembered = 5_000;

/**
 * Keeps the list of rows: newest stored first, each event once, the oldest let go.
 * @param {HTMLElement} list
 * @param {HTMLElement} whenEmpty shown until there is a row
 */
export function createEventList(list, whenEmpty) {
  /** Ids shown or let go, oldest first. @type {Set<string>} */
  const seen = new Set();
  /** The rows shown, in their order. @type {{ row: Row, item: HTMLElement }[]} */
  const shown = [];

  return {
    /**
     * Shows a row in its place.
     * @param {Row} row
     * @param {'fresh' | 'past'} age a fresh row is pointed out
     * @returns {boolean} false where it stands there already
     */
    show(row, age) {
      const id = String(row['event_id']);
      if (seen.has(id)) return false;
      seen.add(id);
      forgetOldest(seen);
      const found = shown.findIndex((each) => isNewer(row, each.row));
      const place = found === -1 ? shown.length : found;
      const item = drawEventRow(row);
      if (age === 'fresh') item.classList.add('is-fresh');
      list.insertBefore(item, shown[place]?.item ?? null);
      shown.splice(place, 0, { row, item });
      if (shown.length > maxShown) shown.pop()?.item.remove();
      whenEmpty.hidden = true;
      return true;
    },
  };
}

/** @param {Set<string>} seen */
function forgetOldest(seen) {
  if (seen.size <= maxRemembered) return;
  for (const oldest of seen) {
    seen.delete(oldest);
    return;
  }
}

/** @param {Row} a @param {Row} b RFC 3339 in UTC, of one length: order of text is order of time */
function isNewer(a, b) {
  const stored = [String(a['stored_at']), String(b['stored_at'])];
  if (stored[0] !== stored[1]) return (stored[0] ?? '') > (stored[1] ?? '');
  return String(a['timestamp']) >= String(b['timestamp']);
}
