import type { KafkaClient } from './kafka-client.ts';
import type { KafkaConnection } from './kafka-connection.ts';

/** The client libraries that Kafka can be spoken to by. */
export const kafkaClientNames = ['kafkajs', 'platformatic'] as const;

/** The name of one of them. */
export type KafkaClientName = (typeof kafkaClientNames)[number];

/** Says whether there is a client library of this name. */
export function isKafkaClientName(name: string): name is KafkaClientName {
  return kafkaClientNames.some((known) => known === name);
}

/** Gives the client of one topic on the library that is named; the other is not even loaded. */
export async function createKafkaClient(
  name: KafkaClientName,
  connection: KafkaConnection,
  topic: string,
): Promise<KafkaClient> {
  switch (name) {
    case 'kafkajs': {
      const { createKafkajsClient } = await import('./kafkajs/kafkajs-client.ts');
      return createKafkajsClient(connection, topic);
    }
    case 'platformatic': {
      const { createPlatformaticClient } = await import('./platformatic/platformatic-client.ts');
      return createPlatformaticClient(connection, topic);
    }
  }
}
