import type { LogEntry } from '@px-platform/log';
import type { DeadLetter } from '@px-platform/schemas';

/**
 * Gives the dead letter of an entry whose bytes are no record: `corrupt_record` where the checksum failed,
 * `undecodable_record` where the shape is wrong. `now` (epoch ms) dates what has lost its own instant: letters are kept
 * by their age.
 */
export function toRecordLetter(logId: string, entry: LogEntry, now: number): DeadLetter {
  const isCorrupt = entry.payload === null;
  return {
    reason: isCorrupt ? 'corrupt_record' : 'undecodable_record',
    stage: 'decode',
    message: isCorrupt ? 'the checksum of the record fails' : 'the bytes are no record of version 1',
    project_id: '',
    log: logId,
    partition: entry.partition,
    offset: entry.position,
    index: -1,
    received_at: entry.appendedAt || now,
    payload: Buffer.from(entry.payload ?? entry.damaged ?? []).toString('base64'),
  };
}
