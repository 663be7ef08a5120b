import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError, parseConfig } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaConfigSchema, toKafkaSettings } from './config.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'px-kafka-config-'));
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n');
  writeFileSync(join(folder, 'ca.der'), Buffer.from([48, 130]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (env: Record<string, string>) => toKafkaSettings(parseConfig(kafkaConfigSchema, env));
const brokers = { KAFKA_BOOTSTRAP_SERVERS: 'kafka-1:9092, [::1]:9093' };

describe('the settings of Kafka', () => {
  it('are none where no broker is named', () => {
    expect(parse({ KAFKA_CLIENT: 'kafkajs' })).toBeNull();
  });

  it('have defaults for all but the brokers', () => {
    expect(parse(brokers)).toEqual({
      client: 'kafkajs',
      connection: { brokers: ['kafka-1:9092', '[::1]:9093'], sasl: null, tls: null, timeoutMs: 10_000 },
      partitions: 12,
      retentionMs: 604_800_000,
      replicationFactor: 3,
      groupId: 'px',
      sessionTimeoutMs: 10_000,
    });
  });

  it('name password and certificates', () => {
    const sasl = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'px', KAFKA_SASL_PASSWORD: 's' };
    const settings = parse({ ...brokers, ...sasl, KAFKA_SSL: 'on', KAFKA_SSL_CA: join(folder, 'ca.pem') });
    expect(settings?.connection.sasl).toEqual({ mechanism: 'scram-sha-512', username: 'px', password: 's' });
    expect(settings?.connection.tls?.ca).toContain('BEGIN CERTIFICATE');
    expect(parse({ ...brokers, KAFKA_SSL: 'on' })?.connection.tls).toEqual({});
  });

  it.each([
    ['an address without a port', { KAFKA_BOOTSTRAP_SERVERS: 'kafka' }, 'host:port'],
    ['an address with a scheme', { KAFKA_BOOTSTRAP_SERVERS: 'kafka://kafka:9092' }, 'host:port'],
    ['an empty address', { KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092,' }, 'host:port'],
    ['an unknown client', { KAFKA_CLIENT: 'librdkafka' }, 'KAFKA_CLIENT'],
    ['an unknown mechanism', { KAFKA_SASL_MECHANISM: 'gssapi' }, 'KAFKA_SASL_MECHANISM'],
    [
      'a mechanism without a password',
      { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'px' },
      'KAFKA_SASL_PASSWORD',
    ],
    ['a password without a mechanism', { KAFKA_SASL_PASSWORD: 's' }, 'KAFKA_SASL_MECHANISM'],
    ['a certificate without TLS', { KAFKA_SSL_CA: '/ca.pem' }, 'KAFKA_SSL=off'],
    ['a certificate that is not there', { KAFKA_SSL: 'on', KAFKA_SSL_CA: '/nowhere/ca.pem' }, '/nowhere/ca.pem'],
    ['a certificate without its key', { KAFKA_SSL: 'on', KAFKA_SSL_CERT: '/nowhere/cert.pem' }, 'KAFKA_SSL_KEY'],
    ['no partitions', { KAFKA_TOPIC_PARTITIONS: '0' }, 'KAFKA_TOPIC_PARTITIONS'],
    ['a retention of seconds', { KAFKA_RETENTION_MS: '5000' }, 'KAFKA_RETENTION_MS'],
  ])('are refused with %s', (_, env, said) => {
    expect(() => parse({ ...brokers, ...env })).toThrow(
      expect.toSatisfy((error: unknown) => isAppError(error, 'config_invalid') && error.message.includes(said)),
    );
  });

  it('are refused with a certificate that is no PEM, and say all mistakes at once', () => {
    const env = { ...brokers, KAFKA_SSL: 'on', KAFKA_SSL_CA: join(folder, 'ca.der'), KAFKA_SASL_MECHANISM: 'plain' };
    expect(() => parse(env)).toThrow(/KAFKA_SASL_USERNAME.*\n.*ca\.der is not a PEM file/);
  });
});
