import { createServer } from 'node:net';
import { AppError, isAppError } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventLog } from '../../src/event-log.ts';
import { createKafkaClient, type KafkaClientName } from '../../src/kafka/create-kafka-client.ts';
import { createMember } from '../../src/kafka/create-member.ts';
import type { TopicPlan } from '../../src/kafka/kafka-client.ts';
import type { KafkaConnection } from '../../src/kafka/kafka-connection.ts';
import { openKafkaWriter } from '../../src/kafka/open-kafka-writer.ts';
import { asAdmin } from './as-admin.ts';
import { kafkaPassword } from './passwords.ts';
import { type KafkaCluster, startKafka } from './start-kafka.ts';
import { watchMember } from './watch-member.ts';

const plan: TopicPlan = { partitions: 2, retentionMs: 3_600_000, replicationFactor: 1, maxMessageBytes: 1024 * 1024 };
const times = { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 500, revokeTimeoutMs: 4_000 };

/** What Kafka owes to who has the wrong password, certificate or topic, and to who has the right ones. */
export function describeKafkaTrouble(name: KafkaClientName): void {
  describe(`Kafka by ${name}`, () => {
    let cluster: KafkaCluster;
    let topics = 0;

    beforeAll(async () => {
      cluster = await startKafka({ isSecured: true });
    });
    afterAll(() => cluster.close());

    const security = () => cluster.security ?? expect.unreachable('The cluster has no listeners with SASL and TLS.');
    const newTopic = () => `trouble.${topics++}`;
    async function open(
      connection: Partial<KafkaConnection>,
      { topic = newTopic(), topicPlan = plan }: { topic?: string; topicPlan?: TopicPlan } = {},
    ): Promise<EventLog> {
      const whole = { brokers: [cluster.bootstrap], sasl: null, tls: null, timeoutMs: 5_000, ...connection };
      const client = await createKafkaClient(name, whole, topic);
      return openKafkaWriter(client, {
        topic,
        plan: topicPlan,
        groupId: 'px',
        maxBytes: 1e8,
        timeoutMs: 5_000,
        clock: Date.now,
      });
    }
    async function join(connection: Partial<KafkaConnection>, topic = newTopic()) {
      const whole = { brokers: [cluster.bootstrap], sasl: null, tls: null, timeoutMs: 5_000, ...connection };
      const client = await createKafkaClient(name, whole, topic);
      const group = createMember(client, {
        topic,
        plan,
        groupId: topic,
        times,
        lookEveryMs: 500,
        onLost: () => undefined,
      });
      const member = watchMember();
      await group.join(member);
      return { ...member, leave: () => group.leave() };
    }
    async function make(topic: string, numPartitions: number, config: Record<string, string> = {}): Promise<void> {
      const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
      const made = { topic, numPartitions, replicationFactor: 1, configEntries };
      await asAdmin(cluster.bootstrap, (admin) => admin.createTopics({ topics: [made] }));
    }

    it.each([
      ['SASL PLAIN', () => ({ brokers: [security().sasl], sasl: toSasl('plain') })],
      ['SASL SCRAM-SHA-256', () => ({ brokers: [security().sasl], sasl: toSasl('scram-sha-256') })],
      ['SASL SCRAM-SHA-512', () => ({ brokers: [security().sasl], sasl: toSasl('scram-sha-512') })],
      ['TLS', () => ({ brokers: [security().tls], tls: { ca: security().certificate } })],
      [
        'SCRAM over TLS',
        () => ({
          brokers: [security().saslTls],
          tls: { ca: security().certificate },
          sasl: toSasl('scram-sha-512'),
        }),
      ],
    ] as const)('takes appends over %s', async (_, connection) => {
      const log = await open(connection());
      expect(await log.append([{ key: 'k', payload: Buffer.from('a') }])).toMatchObject([{ position: 0 }]);
      expect(await log.status()).toMatchObject({ backend: 'kafka', depth: 1 });
      await log.close();
    });

    it.each([
      ['a wrong password', () => ({ brokers: [security().sasl], sasl: toSasl('scram-sha-256', 'wrong') })],
      ['an unknown user', () => ({ brokers: [security().sasl], sasl: { ...toSasl('plain'), username: 'nobody' } })],
    ] as const)('refuses %s by a code of its own, and says which settings to look at', async (_, connection) => {
      const error = await toAppError(open(connection()));
      expect(error.code).toBe('log_access_refused');
      expect(error.message).toContain('KAFKA_SASL_PASSWORD');
      expect(error.message).not.toContain('wrong');
      await expect(join(connection())).rejects.toMatchObject({ code: 'log_access_refused' });
    });

    it('says so where no password is given and one is asked for', async () => {
      const error = await toAppError(open({ brokers: [security().sasl] }));
      expect(error.message).toContain('KAFKA_SASL_MECHANISM');
    });

    it('takes appends of a client that shows its certificate, and lets it read', async () => {
      const { mutual, certificate, clients } = security();
      const connection = { brokers: [mutual], tls: { ca: certificate, ...clients.good } };
      const topic = newTopic();
      const log = await open(connection, { topic });
      expect(await log.append([{ key: 'k', payload: Buffer.from('a') }])).toMatchObject([{ position: 0 }]);
      await log.close();
      const member = await join(connection, topic);
      await expect.poll(() => member.partitions(), { timeout: 20_000 }).toEqual([0, 1]);
      await member.leave();
    });

    it.each([
      ['has expired', () => security().clients.expired],
      ['comes from an unknown authority', () => security().clients.stranger],
      ['is not shown', () => ({})],
    ] as const)('is refused by a broker that asks for a certificate where ours %s', async (_, toClient) => {
      const error = await toAppError(
        open({ brokers: [security().mutual], tls: { ca: security().certificate, ...toClient() } }),
      );
      expect(error.code).toBe('log_access_refused');
      expect(error.message).toContain('KAFKA_SSL_CERT');
    });

    it.each([
      ['has expired', () => ({ brokers: [security().expired], tls: { ca: security().expiredCertificate } })],
      ['comes from an unknown authority', () => ({ brokers: [security().tls], tls: {} })],
    ] as const)('refuses a broker whose certificate %s', async (_, connection) => {
      const error = await toAppError(open(connection()));
      expect(error.code).toBe('log_access_refused');
      expect(error.message).toContain('KAFKA_SSL_CA');
    });

    it.each([
      ['where nobody listens', async () => ({ brokers: ['127.0.0.1:1'] })],
      ['that are not Kafka', async () => ({ brokers: [await startOther()] })],
      ['without TLS where TLS is spoken', async () => ({ brokers: [security().tls] })],
    ] as const)('says so of brokers %s, and does not try for ever', async (_, connection) => {
      const error = await toAppError(open({ ...(await connection()), timeoutMs: 1_500 }));
      expect(error.code).toBe('log_unavailable');
      expect(error.message).toContain('KAFKA_BOOTSTRAP_SERVERS');
    });

    it('finds the brokers by any address that answers', async () => {
      const log = await open({ brokers: ['127.0.0.1:1', cluster.bootstrap] });
      expect(await log.append([{ key: 'k', payload: Buffer.from('a') }])).toHaveLength(1);
      await log.close();
    });

    it('makes a topic as configured, and is content with it the next time', async () => {
      const topic = newTopic();
      await (await open({}, { topic })).close();
      const client = await createKafkaClient(
        name,
        { brokers: [cluster.bootstrap], sasl: null, tls: null, timeoutMs: 5_000 },
        topic,
      );
      const admin = await client.openAdmin();
      const standing = await admin.describeTopic();
      expect(standing).toMatchObject({ partitions: 2, retentionMs: 3_600_000, cleanupPolicy: 'delete' });
      expect(standing?.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      await admin.close();
      await (await open({}, { topic })).close();
    });

    it('names the command where the topic is missing and this user may not make it', async () => {
      const limited = { brokers: [security().sasl], sasl: { ...toSasl('scram-sha-256'), username: 'limited' } };
      const error = await toAppError(open(limited, { topic: 'not-there' }));
      expect(error.code).toBe('config_invalid');
      expect(error.message).toContain('kafka-topics.sh --create --topic not-there --partitions 2');
    });

    it.each([
      ['one partition', 1, {}, 'KAFKA_TOPIC_PARTITIONS=2'],
      ['a shorter retention', 2, { 'retention.ms': '60000' }, 'KAFKA_RETENTION_MS=3600000'],
      ['batches that are too small', 2, { 'max.message.bytes': '65536' }, 'max.message.bytes='],
      ['compaction', 2, { 'cleanup.policy': 'compact' }, 'cleanup.policy=delete'],
    ] as const)('refuses a topic with %s, which could lose events', async (_, partitions, config, said) => {
      const topic = newTopic();
      await make(topic, partitions, config);
      const error = await toAppError(open({}, { topic }));
      expect(error.code).toBe('config_invalid');
      expect(error.message).toContain(said);
    });

    it('takes a topic that keeps records for longer, or for ever, and has more partitions', async () => {
      const topic = newTopic();
      await make(topic, 5, { 'retention.ms': '-1' });
      const log = await open({}, { topic });
      const records = Array.from({ length: 50 }, (_, n) => ({ key: `k${n}`, payload: Buffer.from('a') }));
      const positions = await log.append(records);
      expect(new Set(positions.map((position) => position?.partition))).toEqual(new Set([0, 1]));
      expect(Object.keys((await log.status()).lagByPartition)).toHaveLength(5);
      await log.close();
    });

    it('refuses a record that the topic does not take, and takes the others of its time', async () => {
      const log = await open({});
      const append = (bytes: number) => log.append([{ key: 'k', payload: Buffer.alloc(bytes) }]);
      const answers = await Promise.allSettled([append(10), append(1024 * 1024), append(500_000), append(600_000)]);
      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
      await expect(append(2 * 1024 * 1024)).rejects.toSatisfy(
        (error) => isAppError(error, 'log_refused_records') && error.message.includes('max.message.bytes'),
      );
      await log.close();
    });

    it('ends a member whose topic is deleted and made again: it is another log', async () => {
      const topic = newTopic();
      const member = await join({}, topic);
      await expect.poll(() => member.partitions(), { timeout: 20_000 }).toEqual([0, 1]);
      await asAdmin(cluster.bootstrap, (admin) => admin.deleteTopics({ topics: [topic] }));
      await expect.poll(() => member.failures.length, { timeout: 40_000 }).toBeGreaterThan(0);
      expect(member.failures[0]).toMatchObject({ code: 'log_unavailable' });
      await member.leave();
    });
  });
}

function toSasl(mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password: string = kafkaPassword) {
  return { mechanism, username: 'px', password };
}

async function toAppError(opening: Promise<EventLog>): Promise<AppError> {
  const error = await opening.then(
    () => expect.unreachable('It opened.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error instanceof AppError ? error : expect.unreachable('It is no AppError.');
}

/** Something that listens and answers, and is no broker. */
async function startOther(): Promise<string> {
  const other = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  other.unref();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
