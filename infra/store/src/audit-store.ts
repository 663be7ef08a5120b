import type { AuditRow } from '@px-platform/schemas';
import type { StoredRow } from './event-store.ts';

/** Audit rows of one partition's records `firstOffset`..`lastOffset`, both included. */
export interface AuditBatch {
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly rows: readonly AuditRow[];
  /** Name of a batch that was planned, as of `RowBatch`. */
  readonly name?: string;
}

/** The audit table as the processor needs it. Each method throws `store_unavailable` where the engine can't be reached. */
export interface AuditStore {
  /**
   * Stores the rows, durably; a second call with the same batch changes nothing. Throws `store_refused_rows` where the
   * engine can't take a row.
   */
  insert(batch: AuditBatch): Promise<void>;
  /** Gives which of these ids are stored, as `project_id:event_id`. */
  findIds(ids: readonly { projectId: string; eventId: string }[]): Promise<ReadonlySet<string>>;
}

/** The audit table as its readers need it; every call is bound to one project. */
export interface AuditReader {
  /** Gives every row received in `from` <= t < `to` (epoch ms) in order of `received_at`, in pages. */
  exportRows(projectId: string, range: { from: number; to: number }): AsyncIterable<readonly StoredRow[]>;
}
