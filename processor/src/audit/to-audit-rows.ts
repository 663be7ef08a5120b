import type { LogEntry } from '@px-platform/log';
import { readUuidV7Time } from '@px-platform/runtime';
import type { AcceptedAuditEvent, AuditRecord, AuditRow } from '@px-platform/schemas';
import { toUtcDay } from '../utc-day.ts';

/**
 * Gives the rows of one record of the audit topic in their order. An event keeps the time that it came with, whatever it is:
 * beside it stands when it was received. Never throws.
 */
export function toAuditRows(
  logId: string,
  entry: Pick<LogEntry, 'partition' | 'position'>,
  record: AuditRecord,
): AuditRow[] {
  return record.events.map((event, index) => ({
    tenant_id: record.tenant_id,
    project_id: record.project_id,
    day: toUtcDay(toClaimed(event) ?? 0),
    event_id: event.event_id,
    timestamp: event.timestamp === undefined ? record.received_at : Date.parse(event.timestamp),
    received_at: record.received_at,
    actor_id: event.actor.id,
    actor_type: event.actor.type,
    actor_email: event.actor.email ?? '',
    action: event.action.name,
    resource_type: event.resource.type,
    resource_id: event.resource.id,
    result: event.result ?? '',
    metadata: JSON.stringify(event.metadata ?? {}),
    request_id: record.request_id,
    key_prefix: record.key_prefix,
    schema_version: record.schema_version,
    _log: logId,
    _partition: entry.partition,
    _offset: entry.position,
    _index: index,
  }));
}

/** The day is part of the sorting key, so it comes from what a resend repeats, as that of an event does. */
function toClaimed(event: AcceptedAuditEvent): number | null {
  return event.timestamp === undefined ? readUuidV7Time(event.event_id) : Date.parse(event.timestamp);
}
