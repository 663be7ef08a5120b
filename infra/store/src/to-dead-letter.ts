import type { DeadLetter } from '@px-platform/schemas';
import type { StoredRow } from './event-store.ts';

/** Gives a row of `dead_letters` as a letter. */
export function toDeadLetter(row: StoredRow): DeadLetter {
  return {
    reason: String(row['reason']),
    stage: String(row['stage']),
    message: String(row['message']),
    project_id: String(row['project_id']),
    log: String(row['log']),
    partition: Number(row['partition']),
    offset: Number(row['offset']),
    index: Number(row['index']),
    received_at: Date.parse(String(row['received_at'])),
    payload: String(row['payload']),
  };
}
