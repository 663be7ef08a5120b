import type { Statement } from './statement.ts';
import { inRanges, type StoredRange } from './stored-range.ts';

/** Order of events for entry, exit and touch: what counts most, then by time, then by place in the log, which never changes. */
const toOrder = (isPreferred: string): string => `(${isPreferred}, timestamp, _offset, _index)`;

const touch = 'channel, utm_source, utm_medium, utm_campaign, referrer_host';
const entry = `path, ${touch}, country, region, city, device, browser, os, is_bot`;
const touchType = 'channel String, utm_source String, utm_medium String, utm_campaign String, referrer_host String';
const entryType = `path String, ${touchType}, country String, region String, city String, device String, browser String, os String, is_bot Bool`;

const columns =
  'project_id, day, session_id, person_key, start_at, end_at, seen, engaged, entry, exit_path, last_touch, retain_until';

/**
 * Derives the sessions of stored ranges, in states that a second run doesn't change: an event is a number of a set, made of
 * its id's hash and of what counts of it, the engaged ms (27 bits, believed up to a day) or whether it is a page view (one
 * bit). Entry, exit and touches go by an order that leaves no ties. Who denied analytics has no session.
 */
export function deriveSessions(ranges: readonly StoredRange[]): Statement {
  const { sql, params } = inRanges(ranges);
  return { sql: toSessionsInsert(`${sql}\n  AND person_key != ''`), params };
}

/** The same of the stored events that a condition chooses. */
export function toSessionsInsert(chosen: string): string {
  return `
INSERT INTO sessions (${columns})
WITH
    cityHash64(event_id) AS id,
    if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0) AS told_ms,
    told_ms > 0 AND told_ms <= 86400000 AS is_engaged,
    if(is_engaged, told_ms, 0) AS engaged_ms
SELECT
    project_id,
    toDate(timestamp),
    session_id,
    person_key,
    min(timestamp),
    max(timestamp),
    groupUniqArrayIf(bitOr(bitShiftLeft(id, 1), toUInt64(event = 'page_view')), NOT is_engaged),
    groupUniqArrayIf(bitOr(bitShiftLeft(id, 27), toUInt64(engaged_ms)), is_engaged),
    argMinState(CAST((${entry}), 'Tuple(${entryType})'), ${toOrder("toUInt8(event != 'page_view')")}),
    argMaxState(path, ${toOrder("toUInt8(event = 'page_view')")}),
    argMaxState(CAST((${touch}), 'Tuple(${touchType})'), ${toOrder("toUInt8(channel NOT IN ('', 'direct'))")}),
    max(retain_until)
FROM events
WHERE ${chosen}
GROUP BY project_id, toDate(timestamp), session_id, person_key
SETTINGS max_partitions_per_insert_block = 0`;
}
