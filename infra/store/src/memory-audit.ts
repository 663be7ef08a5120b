import type { AuditRow } from '@px-platform/schemas';
import type { AuditReader, AuditStore } from './audit-store.ts';

/** The audit table in memory, for tests of what stands above it; `rows` shows what it holds. */
export interface MemoryAuditStore extends AuditStore, AuditReader {
  readonly rows: readonly AuditRow[];
}

/** Gives an audit table that holds rows in memory and loses them with the process. */
export function createMemoryAuditStore(): MemoryAuditStore {
  const batches = new Set<string>();
  const rows: AuditRow[] = [];
  return {
    rows,
    async insert(batch) {
      const token = batch.name ?? JSON.stringify(batch);
      if (batches.has(token)) return;
      batches.add(token);
      rows.push(...batch.rows);
    },
    async findIds(ids) {
      const held = new Set(rows.map((row) => `${row.project_id}:${row.event_id}`));
      return new Set(ids.map((id) => `${id.projectId}:${id.eventId}`).filter((id) => held.has(id)));
    },
    async *exportRows(projectId, { from, to }) {
      const own = rows.filter((row) => row.project_id === projectId && row.received_at >= from && row.received_at < to);
      const instant = (at: number): string => new Date(at).toISOString();
      if (own.length === 0) return;
      yield own.map((row) => ({
        ...row,
        timestamp: instant(row.timestamp),
        received_at: instant(row.received_at),
        metadata: JSON.parse(row.metadata),
      }));
    },
  };
}
