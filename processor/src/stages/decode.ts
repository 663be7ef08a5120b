import type { LogEntry } from '@px-platform/log';
import { type DeadLetter, type EventContext, type LogRecord, parseLogRecord } from '@px-platform/schemas';
import { emptyRow } from '../empty-row.ts';
import { isTooDeep } from '../is-too-deep.ts';
import type { PipelineEvent } from '../pipeline-event.ts';
import { toRecordLetter } from '../to-record-letter.ts';

/** Far more than ingest lets through, and far fewer than can't be written again. */
const maxLevels = 100;
/** What is shorter nests 2,048 levels at most, which can be written again: the store takes or refuses it. */
const minDeepBytes = 4_096;

/** Gives the events of one log entry in their order, or a dead letter where its bytes are no record. Never throws. */
export function decode(logId: string, entry: LogEntry, now: number): PipelineEvent[] | DeadLetter {
  const record = entry.payload === null || isNestedTooDeep(entry.payload) ? null : parseLogRecord(entry.payload);
  if (record === null) return toRecordLetter(logId, entry, now);
  const { partition, partitionCount = 0, position: offset, appendedAt } = entry;
  return record.events.map((event, index) => ({
    record,
    event,
    context: mergeContext(record, event.context),
    position: { logId, partition, partitionCount, offset, index, appendedAt },
    timestamp: record.received_at,
    madeAt: record.received_at,
    row: emptyRow(),
  }));
}

function mergeContext(record: LogRecord, own: EventContext | undefined): EventContext {
  if (record.context === undefined) return own ?? {};
  return own === undefined ? record.context : { ...record.context, ...own };
}

function isNestedTooDeep(payload: Uint8Array): boolean {
  if (payload.length < minDeepBytes) return false;
  return isTooDeep(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), maxLevels);
}
