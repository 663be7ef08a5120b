import { AppError, type Clock } from '@px-platform/runtime';
import type { EventLog } from '../event-log.ts';
import { toPartition } from '../partition.ts';
import { createAppender } from './create-appender.ts';
import { ensureTopic } from './ensure-topic.ts';
import { findOldestAt } from './find-oldest-at.ts';
import type { KafkaClient, TopicPlan } from './kafka-client.ts';
import { toAccessError, toLogError } from './kafka-failure.ts';
import { toMessage, toMessageBytes } from './record-message.ts';

/** What a batch has beside its messages, and what their numbers may take more than reckoned. */
const batchSlackBytes = 4_096;

/** How a topic is written to. */
export interface WriterSettings {
  readonly topic: string;
  readonly plan: TopicPlan;
  /** Whose committed positions tell what waits. */
  readonly groupId: string;
  /** Bytes of records that may wait to be sent; over it, `log_full`. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Opens the writing side of a topic, which is made where it is missing. Throws as `ensureTopic` does. */
export async function openKafkaWriter(client: KafkaClient, settings: WriterSettings): Promise<EventLog> {
  const { topic, plan, groupId, maxBytes, timeoutMs, clock } = settings;
  const admin = await client.openAdmin().catch((thrown: unknown) => {
    throw toAccessError(`Opening Kafka's topic ${topic}`, thrown);
  });
  const standing = await ensureTopic(admin, topic, plan).catch(async (thrown: unknown) => {
    await admin.close().catch(() => undefined);
    throw thrown;
  });
  const maxBatchBytes = standing.maxMessageBytes - batchSlackBytes;
  const appender = createAppender({ openProducer: () => client.openProducer(), topic, maxBatchBytes, timeoutMs });
  let closing: Promise<void> | null = null;
  let oldest = { committed: '', at: 0 };

  function refuseWhenClosed(): void {
    if (closing === null) return;
    throw new AppError('log_unavailable', `The log of topic ${topic} is closed; start the process again to use it.`);
  }

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (thrown) {
      throw toLogError(`Asking Kafka how topic ${topic} stands`, thrown);
    }
  }

  /** When the oldest record at or after the committed positions was sent; asked once for each of them. */
  async function askOldestAt(committed: readonly number[]): Promise<number> {
    const name = committed.join();
    if (oldest.committed === name) return oldest.at;
    const at = await findOldestAt(clock(), async (instant) => {
      const positions = await admin.positionsAt(instant);
      return positions.some((position, partition) => position > (committed[partition] ?? 0));
    });
    oldest = { committed: name, at };
    return at;
  }

  return {
    async append(records) {
      refuseWhenClosed();
      if (records.length === 0) return [];
      const sentAt = clock();
      const messages = records.map((record) => ({
        partition: toPartition(record.key, plan.partitions),
        message: toMessage(record, sentAt),
      }));
      const sizes = messages.map(({ message }) => toMessageBytes(message));
      const largest = Math.max(...sizes);
      if (largest > maxBatchBytes) {
        throw new AppError(
          'log_refused_records',
          `A record of ${largest} bytes is more than topic ${topic} takes, whose max.message.bytes is ${standing.maxMessageBytes}. Raise that, ` +
            'and start the process again.',
        );
      }
      const [bytes, waiting] = [sizes.reduce((sum, size) => sum + size, 0), appender.waitingBytes()];
      if (waiting + bytes > maxBytes) {
        throw new AppError(
          'log_full',
          `Appending ${bytes} bytes to topic ${topic}, for which ${waiting} bytes wait to be sent, would pass the limit of ${maxBytes} bytes. ` +
            'Kafka takes less than comes in; see how its brokers do.',
        );
      }
      return await appender.append(messages);
    },
    status: () =>
      ask(async () => {
        refuseWhenClosed();
        const [ends, starts, given] = await Promise.all([admin.ends(), admin.starts(), admin.committed(groupId)]);
        const committed = ends.map((_, partition) => Math.max(given[partition]?.next ?? 0, starts[partition] ?? 0));
        const lags = ends.map((end, partition) => Math.max(0, end - (committed[partition] ?? 0)));
        const depth = lags.reduce((sum, lag) => sum + lag, 0);
        return {
          backend: 'kafka',
          depth,
          oldestAgeMs: depth === 0 ? 0 : Math.max(0, clock() - (await askOldestAt(committed))),
          bytes: appender.waitingBytes(),
          maxBytes,
          lagByPartition: Object.fromEntries(lags.map((lag, partition) => [String(partition), lag])),
        };
      }),
    close() {
      closing ??= (async () => {
        await appender.close();
        await admin.close().catch(() => undefined);
      })();
      return closing;
    },
  };
}
