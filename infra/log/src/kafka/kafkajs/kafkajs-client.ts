// By its default: Node.js does not see all names of this package.
import kafkajs, { type SASLOptions } from 'kafkajs';
import type { KafkaClient } from '../kafka-client.ts';
import type { KafkaConnection } from '../kafka-connection.ts';
import { joinGroup } from './join-group.ts';
import { mendKafkajs } from './mend-kafkajs.ts';
import { openAdmin } from './open-admin.ts';
import { openProducer } from './open-producer.ts';

/** Builds the client of one topic on kafkajs. What it opens throws a `KafkaFailure`. */
export function createKafkajsClient(connection: KafkaConnection, topic: string): KafkaClient {
  const { brokers, tls, sasl, timeoutMs } = connection;
  const kafka = new kafkajs.Kafka({
    clientId: 'px',
    brokers: [...brokers],
    // What it would log comes to us as an error.
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: Math.min(timeoutMs, 3_000),
    authenticationTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    ...(tls === null ? {} : { ssl: { ...tls } }),
    ...(sasl === null ? {} : { sasl: toSasl(sasl) }),
  });
  return {
    openProducer: () => openProducer(kafka, topic, timeoutMs),
    async openAdmin() {
      await mendKafkajs();
      return openAdmin(kafka, topic);
    },
    async joinGroup(group) {
      await mendKafkajs();
      return joinGroup(kafka, topic, { ...group, timeoutMs });
    },
  };
}

/** The same to the letter: kafkajs's type wants to know which mechanism it is. */
function toSasl({ mechanism, username, password }: NonNullable<KafkaConnection['sasl']>): SASLOptions {
  const user = { username, password };
  if (mechanism === 'plain') return { mechanism, ...user };
  return mechanism === 'scram-sha-256' ? { mechanism, ...user } : { mechanism, ...user };
}
