import type { AppendRecord } from '@px-platform/log';
import {
  auditTopic,
  type DeadLetter,
  eventTopic,
  parseAuditRecord,
  parseLogRecord,
  toRecordKey,
} from '@px-platform/schemas';

/** A letter's record, ready for the log of its topic, under the key that it came with. */
export interface LetterRecord {
  readonly topic: typeof eventTopic | typeof auditTopic;
  readonly record: AppendRecord;
}

/**
 * Gives the record of a dead letter, byte for byte, or null where its bytes are none that this version reads: it would
 * only be set aside again. Which topic it is of, its shape says. Never throws.
 */
export function toLetterRecord(letter: DeadLetter): LetterRecord | null {
  const payload = Buffer.from(letter.payload, 'base64');
  const record = parseLogRecord(payload);
  if (record !== null) {
    return { topic: eventTopic, record: { key: toRecordKey(record.project_id, record.person_key), payload } };
  }
  const audit = parseAuditRecord(payload);
  return audit === null ? null : { topic: auditTopic, record: { key: audit.project_id, payload } };
}
