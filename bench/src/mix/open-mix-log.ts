import { createMemoryLog, type EventLog, type LogReader } from '@px-platform/log';
import type { Clock } from '@px-platform/runtime';
import { encodeLogRecord, toRecordKey } from '@px-platform/schemas';
import { type MixPlan, makeMix } from './make-mix.ts';

/** A log in memory that is filled with the reference mix, chunk by chunk, and a clock that goes with it. */
export interface MixLog {
  readonly log: EventLog & LogReader;
  /** Stands at the receipt of the youngest record, and goes on from there. */
  readonly clock: Clock;
  /** Appends records with at least so many events; gives how many there are, and their bytes. */
  fill(events: number): Promise<{ events: number; bytes: number }>;
  /** Waits until all that was appended is committed. */
  drained(): Promise<void>;
}

const maxBytes = 8 * 1024 ** 3;

/** Opens an empty log of one partition, for a processor in the same process. */
export function openMixLog(plan: MixPlan): MixLog {
  const mix = makeMix(plan);
  let [receivedAt, setAt] = [plan.startAt, Date.now()];
  const clock = (): number => receivedAt + (Date.now() - setAt);
  const log = createMemoryLog({ partitions: 1, maxBytes, clock });
  return {
    log,
    clock,
    async fill(wanted) {
      const records: { key: string; payload: Buffer }[] = [];
      let [events, bytes] = [0, 0];
      while (events < wanted) {
        const { value: record } = mix.next();
        if (record === undefined) break;
        const payload = encodeLogRecord(record);
        records.push({ key: toRecordKey(record.project_id, record.person_key), payload });
        events += record.events.length;
        bytes += payload.length;
        receivedAt = record.received_at;
      }
      setAt = Date.now();
      await log.append(records);
      return { events, bytes };
    },
    async drained() {
      while ((await log.status()).depth > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}
