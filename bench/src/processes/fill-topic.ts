import { setImmediate as nextTurn } from 'node:timers/promises';
import { openKafkaLog } from '@px-platform/log';
import { encodeLogRecord, eventTopic, toRecordKey } from '@px-platform/schemas';
import { makeMix } from '../mix/make-mix.ts';
import { type KafkaStack, stackPartitions } from './kafka-stack.ts';

const recordsPerAppend = 500;
const callers = 8;
const recordsPerTurn = 1_000;
/** Denser than the site is, so that all of them were received a short while ago. */
const eventsPerSecond = 1_000;

/** Records that are made and not appended yet. */
export interface PreparedFill {
  readonly events: number;
  readonly bytes: number;
  /** Appends them to the topic of events, and resolves once Kafka has them. */
  append(): Promise<void>;
}

/** Makes records of the reference mix with at least so many events, received until now. The same seed gives the same events but for their times. */
export async function prepareFill(
  { bootstrap, projectId }: KafkaStack,
  { seed, events: wanted }: { readonly seed: number; readonly events: number },
): Promise<PreparedFill> {
  const startAt = Date.now() - (wanted / eventsPerSecond) * 1_000;
  const mix = makeMix({ seed, startAt, eventsPerSecond, projectId });
  const records: { key: string; payload: Buffer }[] = [];
  let [events, bytes] = [0, 0];
  while (events < wanted) {
    const { value: record } = mix.next();
    if (record === undefined) break;
    // Idle connections of this process are closed meanwhile, which it must not miss.
    if (records.length % recordsPerTurn === 0) await nextTurn();
    const payload = encodeLogRecord(record);
    records.push({ key: toRecordKey(record.project_id, record.person_key), payload });
    events += record.events.length;
    bytes += payload.length;
  }
  return {
    events,
    bytes,
    async append() {
      const log = await openKafkaLog(
        {
          client: 'platformatic',
          connection: { brokers: [bootstrap], sasl: null, tls: null, timeoutMs: 30_000 },
          partitions: stackPartitions,
          retentionMs: 7 * 86_400_000,
          replicationFactor: 1,
          groupId: 'px',
          sessionTimeoutMs: 10_000,
        },
        { topic: eventTopic, maxBytes: 1e9, clock: Date.now },
      );
      let next = 0;
      const call = async (): Promise<void> => {
        while (next < records.length) {
          const batch = records.slice(next, next + recordsPerAppend);
          next += recordsPerAppend;
          await log.append(batch);
        }
      };
      await Promise.all(Array.from({ length: callers }, call));
      await log.close();
    },
  };
}
