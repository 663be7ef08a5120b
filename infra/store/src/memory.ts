import type { DeadLetter, EventRow } from '@px-platform/schemas';
import type { EventStore, StoredSession, Uncommitted } from './event-store.ts';

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
  const kept = (except: readonly Uncommitted[]): EventRow[] =>
    rows.filter((row) => !except.some((one) => isUncommitted(row, one)));

  return {
    rows,
    letters,
    async insert(batch) {
      const token = JSON.stringify([batch.partition, batch.firstOffset, batch.lastOffset, batch.rows]);
      if (batches.has(token)) return;
      batches.set(token, true);
      rows.push(...batch.rows);
    },
    async heldOf(uncommitted) {
      const held = rows.filter((row) => isUncommitted(row, uncommitted));
      return new Set(held.map((row) => `${row._offset}:${row._index}:${row.event_id}`));
    },
    async recentIds(range, except) {
      return kept(except)
        .filter((row) => row.received_at >= range.from && row.received_at < range.to)
        .sort((a, b) => a.received_at - b.received_at)
        .map((row) => ({ projectId: row.project_id, eventId: row.event_id, receivedAt: row.received_at }));
    },
    async findIds(ids, except) {
      const held = new Set(kept(except).map((row) => `${row.project_id}:${row.event_id}`));
      return new Set(ids.map((id) => `${id.projectId}:${id.eventId}`).filter((id) => held.has(id)));
    },
    async recentSessions(since, except) {
      const all = kept(except);
      const recent = new Set(
        all.filter((row) => row.received_at >= since).map((row) => `${row.project_id}:${row.session_id}`),
      );
      const sessions = new Map<string, StoredSession>();
      for (const row of all.toSorted((a, b) => a.timestamp - b.timestamp)) {
        if (!recent.has(`${row.project_id}:${row.session_id}`)) continue;
        const key = `${row.project_id}:${row.person_key}:${row.session_id}`;
        sessions.set(key, extend(sessions.get(key), row));
      }
      return [...sessions.values()].sort((a, b) => a.startAt - b.startAt);
    },
    async addDeadLetters(more) {
      letters.push(...more);
    },
    async close() {},
  };
}

function isUncommitted(row: EventRow, one: Uncommitted): boolean {
  return row._log === one.logId && row._partition === one.partition && row._offset >= one.fromOffset;
}

function extend(session: StoredSession | undefined, row: EventRow): StoredSession {
  const parts = [row.utm_source, row.utm_medium, row.utm_campaign, Object.values(row.click_ids)[0] ?? ''];
  const campaign = parts.every((part) => part === '') ? '' : parts.join('|');
  return {
    projectId: row.project_id,
    personKey: row.person_key,
    sessionId: row.session_id,
    startAt: session?.startAt ?? row.timestamp,
    endAt: row.timestamp,
    campaign: session === undefined || session.campaign === '' ? campaign : session.campaign,
  };
}
