import type { Kafka } from 'kafkajs';
import type { KafkaProducer } from '../kafka-client.ts';
import { mendKafkajs } from './mend-kafkajs.ts';
import { toFailure } from './to-failure.ts';

/** Opens a producer that sends each message once, whatever it must try again, and one request at a time to a broker. */
export async function openProducer(kafka: Kafka, topic: string, timeoutMs: number): Promise<KafkaProducer> {
  const compression = await mendKafkajs();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    // Each message names its partition.
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition ?? 0,
    // By itself it would keep a request for two minutes and more.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  try {
    await producer.connect();
  } catch (thrown) {
    await producer.disconnect().catch(() => undefined);
    throw toFailure(thrown);
  }
  return {
    async send(batches) {
      const messages = [...batches].flatMap(([partition, ofPartition]) =>
        ofPartition.map(({ key, value, headers, sentAt }) => ({
          partition,
          key,
          value,
          headers: Object.fromEntries(headers),
          timestamp: String(sentAt),
        })),
      );
      try {
        const sent = { acks: -1, timeout: timeoutMs, compression, topicMessages: [{ topic, messages }] };
        const answers = await producer.sendBatch(sent);
        return new Map(answers.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
      } catch (thrown) {
        throw toFailure(thrown);
      }
    },
    close: () => producer.disconnect(),
  };
}
