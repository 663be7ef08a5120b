import { type BaseOptions, Producer } from '@platformatic/kafka';
import type { KafkaMessage, KafkaProducer } from '../kafka-client.ts';
import { toFailure } from './to-failure.ts';

/** Opens a producer that sends each message once, whatever it must try again. It connects with its first request. */
export async function openProducer(options: BaseOptions, topic: string): Promise<KafkaProducer> {
  const producer = new Producer({ ...options, idempotent: true, maxInflights: 1 });
  // What it could not send is told to who sent it.
  producer.on('error', () => undefined);
  return {
    async send(batches) {
      const messages = [...batches].flatMap(([partition, ofPartition]) =>
        ofPartition.map((message) => ({ topic, partition, ...toProduced(message) })),
      );
      try {
        const { offsets = [] } = await producer.send({ messages, acks: -1, compression: 'lz4', idempotent: true });
        return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
      } catch (thrown) {
        throw toFailure(thrown);
      }
    },
    close: () => producer.close(),
  };
}

function toProduced({ key, value, headers, sentAt }: KafkaMessage) {
  return {
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    headers: new Map([...headers].map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    timestamp: BigInt(sentAt),
  };
}
