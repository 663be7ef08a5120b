import type { AppendRecord } from '@px-platform/log';
import type { AcceptedAuditEvent, AuditRecord } from '@px-platform/schemas';
import { encodeWithin } from '../ingest/encode-within.ts';

/**
 * Gives a request's audit events as records to append, keyed by the project. A record over 512 KiB is halved at an
 * event's border until each part fits; the parts keep their order.
 */
export function toAuditRecords(
  head: Omit<AuditRecord, 'v' | 'events'>,
  events: readonly AcceptedAuditEvent[],
): AppendRecord[] {
  const encode = (part: AcceptedAuditEvent[]): Buffer => {
    const record: AuditRecord = { v: 1, ...head, events: part };
    return Buffer.from(JSON.stringify(record));
  };
  return encodeWithin([...events], encode).map((payload) => ({ key: head.project_id, payload }));
}
