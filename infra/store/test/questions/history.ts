import type { EventRow } from '@px-platform/schemas';
import { sampleRow } from '../sample-row.ts';

/** The project of the history below. */
export const historyProject = 'prj_history';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const firstDay = Date.UTC(2026, 2, 1);
const paths = ['/', '/pricing', '/docs', '/docs/start', '/blog', '/signup', '/checkout', "/o'brien", '/größe'];
const channels = ['direct', 'organic search', 'email', 'paid search'];
const countries = ['DE', 'FR', 'US', 'JP', ''];
/** ms, as the SDK tells them and as others might. */
const engagedTimes = [400, 4_000.5, 9_999, '6000', 20_000, 0, -5, 'long', 90_000_000, null, 'inf', 'nan'];
const zones = [0, 1, -5, 9, 5.5];

/**
 * Gives some thousand events of 200 persons, the same each time: March and April 2026 with both changes to summer time,
 * sessions over midnight of several zones, events of one millisecond, in the order in which they were made.
 */
export function makeHistory(): EventRow[] {
  const random = createRandom(20_260_301);
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const rows: EventRow[] = [];
  for (let person = 0; person < 200; person++) {
    const own = { country: pick(asList(countries)), browser: pick(['Firefox', 'Chrome', 'Safari']) };
    const zone = pick(asList(zones));
    let at = firstDay + Math.floor(random() * 50 * dayMs);
    const sessions = 1 + Math.floor(random() ** 3 * 12);
    for (let session = 0; session < sessions; session++) {
      // A third of the sessions begins just before midnight of the person's own zone.
      if (random() < 0.33)
        at = Math.floor(at / dayMs) * dayMs + dayMs - zone * 60 * minuteMs - Math.floor(random() * 10 * minuteMs);
      const channel = pick(asList(channels));
      const source = channel === 'email' ? pick(['spring', 'news']) : '';
      const events = 1 + Math.floor(random() ** 2 * 14);
      const sessionId = toUuid(person * 1_000 + session);
      for (let n = 0; n < events; n++) {
        const event = pick(['page_view', 'page_view', 'page_view', 'click', 'signup', 'purchase', 'scroll']);
        const properties = random() < 0.5 ? { plan: pick(['pro', 'free']), seats: Math.floor(random() * 4) } : {};
        rows.push(
          toRow(rows.length, {
            ...own,
            channel,
            utm_source: source,
            event,
            path: pick(asList(paths)),
            person_key: `person ${person}`,
            anonymous_id: `person ${person}`,
            session_id: sessionId,
            timestamp: at,
            properties: event === 'scroll' ? { engaged_ms: pick(asList(engagedTimes)) } : properties,
          }),
        );
        // Some events share their millisecond with the one before.
        if (random() > 0.15) at += Math.floor(random() * 8 * minuteMs);
      }
      at += Math.floor((0.2 + random() ** 2 * 9) * dayMs);
    }
  }
  return rows;
}

/** Gives copies of one event in twelve, as a resend brings them: received later, from another place of the log. */
export function copiesOf(rows: readonly EventRow[]): EventRow[] {
  return rows
    .filter((_, at) => at % 12 === 5)
    .map((row) => ({ ...row, received_at: row.received_at + 90_000, _offset: row._offset + 1_000_000 }));
}

function toRow(number: number, own: Partial<EventRow> & { timestamp: number }): EventRow {
  return sampleRow({
    project_id: historyProject,
    event_id: toUuid(9_000_000 + ((number * 7_919) % 1_000_003)),
    received_at: own.timestamp,
    day: new Date(own.timestamp).toISOString().slice(0, 10),
    _log: 'log-history',
    _partition: 0,
    _offset: number,
    ...own,
  });
}

function toUuid(number: number): string {
  return `0190cccc-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

function asList<T>(values: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = values;
  if (first === undefined) throw new Error('an empty list');
  return [first, ...rest];
}

/** Mulberry32: numbers in 0..1, the same for one seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
