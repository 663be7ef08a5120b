import type { LogEntry } from '@px-platform/log';
import {
  type DeadLetter,
  type DeadLetterReason,
  type EventContext,
  type LogRecord,
  parseLogRecord,
} from '@px-platform/schemas';
import { emptyRow } from '../empty-row.ts';
import type { PipelineEvent } from '../pipeline-event.ts';

/**
 * Gives the events of one log entry in their order, or a dead letter where its bytes are no record:
 * `corrupt_record` where the checksum failed, `undecodable_record` where the shape is wrong. `now` (epoch ms)
 * dates what has lost its own instant: letters are kept by their age. Never throws.
 */
export function decode(logId: string, entry: LogEntry, now: number): PipelineEvent[] | DeadLetter {
  if (entry.payload === null)
    return toDeadLetter(logId, entry, now, 'corrupt_record', 'the checksum of the record fails');
  const record = parseLogRecord(entry.payload);
  if (record === null)
    return toDeadLetter(logId, entry, now, 'undecodable_record', 'the bytes are no record of version 1');
  return record.events.map((event, index) => ({
    record,
    event,
    context: mergeContext(record, event.context),
    position: { logId, partition: entry.partition, offset: entry.position, index },
    timestamp: record.received_at,
    madeAt: record.received_at,
    row: emptyRow(),
  }));
}

function mergeContext(record: LogRecord, own: EventContext | undefined): EventContext {
  if (record.context === undefined) return own ?? {};
  return own === undefined ? record.context : { ...record.context, ...own };
}

function toDeadLetter(
  logId: string,
  entry: LogEntry,
  now: number,
  reason: DeadLetterReason,
  message: string,
): DeadLetter {
  return {
    reason,
    stage: 'decode',
    message,
    project_id: '',
    log: logId,
    partition: entry.partition,
    offset: entry.position,
    index: -1,
    received_at: entry.appendedAt || now,
    payload: Buffer.from(entry.payload ?? entry.damaged ?? []).toString('base64'),
  };
}
