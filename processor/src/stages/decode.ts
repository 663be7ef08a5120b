import type { LogEntry } from '@px-platform/log';
import { type DeadLetter, type EventContext, type LogRecord, parseLogRecord } from '@px-platform/schemas';
import { emptyRow } from '../empty-row.ts';
import type { PipelineEvent } from '../pipeline-event.ts';
import { toRecordLetter } from '../to-record-letter.ts';

/** Gives the events of one log entry in their order, or a dead letter where its bytes are no record. Never throws. */
export function decode(logId: string, entry: LogEntry, now: number): PipelineEvent[] | DeadLetter {
  const record = entry.payload === null ? null : parseLogRecord(entry.payload);
  if (record === null) return toRecordLetter(logId, entry, now);
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
