import type { AppendRecord } from '@px-platform/log';
import { type AcceptedAuditEvent, type AuditRecord, maxRecordBytes } from '@px-platform/schemas';

/**
 * Gives a request's audit events as records to append, keyed by the project. A record over 512 KiB is halved at an
 * event's border until each part fits; the parts keep their order.
 */
export function toAuditRecords(
  head: Omit<AuditRecord, 'v' | 'events'>,
  events: readonly AcceptedAuditEvent[],
): AppendRecord[] {
  return encodeWithin({ v: 1, ...head, events: [...events] }).map((payload) => ({ key: head.project_id, payload }));
}

function encodeWithin(record: AuditRecord): Buffer[] {
  const payload = Buffer.from(JSON.stringify(record));
  if (payload.length <= maxRecordBytes || record.events.length === 1) return [payload];
  const middle = Math.ceil(record.events.length / 2);
  return [
    ...encodeWithin({ ...record, events: record.events.slice(0, middle) }),
    ...encodeWithin({ ...record, events: record.events.slice(middle) }),
  ];
}
