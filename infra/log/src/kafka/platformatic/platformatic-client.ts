import type { BaseOptions } from '@platformatic/kafka';
import type { KafkaClient } from '../kafka-client.ts';
import type { KafkaConnection } from '../kafka-connection.ts';
import { joinGroup } from './join-group.ts';
import { openAdmin } from './open-admin.ts';
import { openProducer } from './open-producer.ts';

/** Builds the client of one topic on @platformatic/kafka. What it opens throws a `KafkaFailure`. */
export function createPlatformaticClient(connection: KafkaConnection, topic: string): KafkaClient {
  const { brokers, tls, sasl, timeoutMs } = connection;
  const options: BaseOptions = {
    clientId: 'px',
    bootstrapBrokers: [...brokers],
    connectTimeout: Math.min(timeoutMs, 3_000),
    requestTimeout: timeoutMs,
    timeout: timeoutMs,
    retries: 4,
    retryDelay: 200,
    autocreateTopics: false,
    ...(tls === null ? {} : { tls: { ...tls } }),
    ...(sasl === null ? {} : { sasl: { ...sasl, mechanism: mechanisms[sasl.mechanism] } }),
  };
  return {
    openProducer: () => openProducer(options, topic),
    openAdmin: () => openAdmin(options, topic),
    joinGroup: (group) => joinGroup(options, topic, group),
  };
}

const mechanisms = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;
