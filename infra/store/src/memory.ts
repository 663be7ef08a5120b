import type { DeadLetter, EventRow } from '@px-platform/schemas';
import type { EventStore, LogShare, StoredSession, Uncommitted } from './event-store.ts';

/** The store in memory, for tests of what stands above it; `rows` and `letters` show what it holds. */
export interface MemoryStore extends EventStore {
  readonly rows: readonly EventRow[];
  readonly letters: readonly DeadLetter[];
}

/** Gives a store that holds rows in memory and loses them with the process. */
export function createMemoryStore(): MemoryStore {
  const batches = new Map<string, true>();
  const rows: EventRow[] = [];
  const letters: DeadLetter[] = [];
  const kept = (except: readonly Uncommitted[], share?: LogShare): EventRow[] =>
    rows.filter((row) => !except.some((one) => isUncommitted(row, one)) && !isOfOthers(row, share));

  return {
    rows,
    letters,
    async insert(batch) {
      const name = batch.name ?? JSON.stringify([batch.partition, batch.firstOffset, batch.lastOffset, batch.rows]);
      // As in ClickHouse: a part for each month, each of which is there or not.
      for (const [month, part] of Map.groupBy(batch.rows, (row) => row.day.slice(0, 7))) {
        const token = `${name} ${month}`;
        if (batches.has(token)) continue;
        batches.set(token, true);
        rows.push(...part);
      }
    },
    async heldOf(uncommitted) {
      const held = rows.filter((row) => isUncommitted(row, uncommitted));
      return new Set(held.map((row) => `${row._offset}:${row._index}:${row.project_id}:${row.event_id}`));
    },
    async recentIds(range, except, share) {
      return kept(except, share)
        .filter((row) => row.received_at >= range.from && row.received_at < range.to)
        .sort((a, b) => a.received_at - b.received_at)
        .map((row) => ({ projectId: row.project_id, eventId: row.event_id, receivedAt: row.received_at }));
    },
    async findIds(ids, except) {
      const held = new Set(kept(except).map((row) => `${row.project_id}:${row.event_id}`));
      return new Set(ids.map((id) => `${id.projectId}:${id.eventId}`).filter((id) => held.has(id)));
    },
    async recentSessions(since, except, max, share) {
      const sessions = new Map<string, StoredSession>();
      const rows = kept(except, share).filter((row) => row.received_at >= since && row.person_key !== '');
      const lastFirst = rows.toSorted((a, b) => b.received_at - a.received_at || b._offset - a._offset);
      const places = new Map(lastFirst.map((row, place) => [toSessionKey(row), -place]));
      for (const row of rows.toSorted(byInstant)) {
        const key = toSessionKey(row);
        sessions.set(key, extend(sessions.get(key), row));
      }
      return [...sessions]
        .sort(([a], [b]) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
        .slice(-max)
        .map(([, session]) => session);
    },
    async addDeadLetters(more) {
      letters.push(...more);
    },
    async close() {},
  };
}

function isUncommitted(row: EventRow, one: Uncommitted): boolean {
  const { logId, partition, fromOffset, toOffset = Number.POSITIVE_INFINITY } = one;
  return row._log === logId && row._partition === partition && row._offset >= fromOffset && row._offset < toOffset;
}

function isOfOthers(row: EventRow, share: LogShare | undefined): boolean {
  if (share === undefined || row._log !== share.logId || row._partition_count !== share.partitionCount) return false;
  return !share.partitions.includes(row._partition);
}

function toReceivedDay(row: EventRow): number {
  return Math.floor(row.received_at / 86_400_000);
}

function toSessionKey(row: EventRow): string {
  return JSON.stringify([row.project_id, row.person_key, row.session_id, toReceivedDay(row)]);
}

function byInstant(a: EventRow, b: EventRow): number {
  return a.timestamp - b.timestamp || a._offset - b._offset || a._index - b._index;
}

function extend(session: StoredSession | undefined, row: EventRow): StoredSession {
  const parts = [row.utm_source, row.utm_medium, row.utm_campaign, Object.values(row.click_ids)[0] ?? ''];
  const campaign = parts.every((part) => part === '') ? '' : parts.join('|');
  const isFirst = campaign !== '' && (session === undefined || session.campaign === '');
  return {
    projectId: row.project_id,
    personKey: row.person_key,
    sessionId: row.session_id,
    startAt: session?.startAt ?? row.timestamp,
    endAt: row.timestamp,
    campaign: isFirst ? campaign : (session?.campaign ?? ''),
    campaignAt: isFirst ? row.timestamp : (session?.campaignAt ?? 0),
    receivedDay: toReceivedDay(row),
  };
}
