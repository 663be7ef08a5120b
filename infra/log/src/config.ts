import { readFileSync } from 'node:fs';
import { AppError } from '@px-platform/runtime';
import { z } from 'zod';
import { kafkaClientNames } from './kafka/create-kafka-client.ts';
import type { KafkaConnection } from './kafka/kafka-connection.ts';
import type { KafkaSettings } from './kafka.ts';

const address = /^(\[[0-9a-f:]+\]|[^\s:,/]+):\d{1,5}$/i;
const dayMs = 86_400_000;
const timeoutMs = 10_000;

/** Settings of the spool beside a log that may be away, from the environment. */
export const spoolConfigSchema = z.object({
  SPOOL_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(4_096)
    .default(1024 ** 3),
});

/** Settings of the log in Kafka, from the environment. */
export const kafkaConfigSchema = z.object({
  KAFKA_BOOTSTRAP_SERVERS: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((list) => list.every((one) => address.test(one)), 'needs host:port, several by comma')
    .optional(),
  KAFKA_CLIENT: z.enum(kafkaClientNames).default('kafkajs'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_SSL: z.enum(['on', 'off']).default('off'),
  KAFKA_SSL_CA: z.string().optional(),
  KAFKA_SSL_CERT: z.string().optional(),
  KAFKA_SSL_KEY: z.string().optional(),
  KAFKA_TOPIC_PARTITIONS: z.coerce.number().int().min(1).max(1_000).default(12),
  KAFKA_RETENTION_MS: z.coerce
    .number()
    .int()
    .min(60_000)
    .default(7 * dayMs),
  KAFKA_REPLICATION_FACTOR: z.coerce.number().int().min(1).max(9).default(3),
  KAFKA_GROUP_ID: z.string().min(1).max(200).default('px'),
  // Brokers take 6 s to 30 min unless told otherwise.
  KAFKA_SESSION_TIMEOUT_MS: z.coerce.number().int().min(6_000).max(1_800_000).default(10_000),
});

/** The settings once parsed; units stand in their names and in `.env.example`. */
export type KafkaConfig = z.infer<typeof kafkaConfigSchema>;

type NamedBrokers = KafkaConfig & { readonly KAFKA_BOOTSTRAP_SERVERS: readonly string[] };

/** Gives how Kafka is used, or null where no broker is named. Reads the certificates. Throws `config_invalid` with all that does not fit together. */
export function toKafkaSettings(config: NamedBrokers): KafkaSettings;
export function toKafkaSettings(config: KafkaConfig): KafkaSettings | null;
export function toKafkaSettings(config: KafkaConfig): KafkaSettings | null {
  const { KAFKA_BOOTSTRAP_SERVERS: brokers } = config;
  if (brokers === undefined) return null;
  const mistakes: string[] = [];
  const sasl = toSasl(config, mistakes);
  const tls = toTls(config, mistakes);
  if (mistakes.length > 0) {
    throw new AppError('config_invalid', `The settings of Kafka have mistakes:\n  ${mistakes.join('\n  ')}`);
  }
  return {
    client: config.KAFKA_CLIENT,
    connection: { brokers, sasl, tls, timeoutMs },
    partitions: config.KAFKA_TOPIC_PARTITIONS,
    retentionMs: config.KAFKA_RETENTION_MS,
    replicationFactor: config.KAFKA_REPLICATION_FACTOR,
    groupId: config.KAFKA_GROUP_ID,
    sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
  };
}

function toSasl(config: KafkaConfig, mistakes: string[]): KafkaConnection['sasl'] {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (mechanism === undefined) {
    if (username !== undefined || password !== undefined) {
      mistakes.push(
        'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD say who, and KAFKA_SASL_MECHANISM not how: set it, or leave them empty',
      );
    }
    return null;
  }
  if (username !== undefined && password !== undefined) return { mechanism, username, password };
  mistakes.push(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`);
  return null;
}

function toTls(config: KafkaConfig, mistakes: string[]): KafkaConnection['tls'] {
  const { KAFKA_SSL_CA: ca, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key } = config;
  const files = Object.entries({ ca, cert, key }).filter(([, path]) => path !== undefined);
  if (config.KAFKA_SSL === 'off') {
    if (files.length > 0)
      mistakes.push('KAFKA_SSL_CA, KAFKA_SSL_CERT or KAFKA_SSL_KEY is set, and KAFKA_SSL=off: set it to on');
    return null;
  }
  if ((cert === undefined) !== (key === undefined)) mistakes.push('KAFKA_SSL_CERT and KAFKA_SSL_KEY go together');
  return Object.fromEntries(files.map(([name, path]) => [name, readPem(path ?? '', name, mistakes)]));
}

function readPem(path: string, name: string, mistakes: string[]): string {
  const setting = `KAFKA_SSL_${name.toUpperCase()}=${path}`;
  try {
    const text = readFileSync(path, 'utf8');
    if (!text.includes('-----BEGIN ')) mistakes.push(`${setting} is not a PEM file`);
    return text;
  } catch (thrown) {
    mistakes.push(`${setting} can't be read: ${thrown instanceof Error ? thrown.message : thrown}`);
    return '';
  }
}
