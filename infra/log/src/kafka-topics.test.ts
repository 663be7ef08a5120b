import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KafkaCluster, startKafka } from '../test/kafka/start-kafka.ts';
import { leaveAll, untilShared, watchMember } from '../test/kafka/watch-member.ts';
import { createKafkaGroup, type KafkaSettings, openKafkaLog } from './kafka.ts';

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await startKafka();
});
afterAll(() => cluster.close());

it('gives each topic to its own members, where one process reads several', async () => {
  const settings: KafkaSettings = {
    client: 'kafkajs',
    connection: { brokers: [cluster.bootstrap], sasl: null, tls: null, timeoutMs: 5_000 },
    partitions: 2,
    retentionMs: 3_600_000,
    replicationFactor: 1,
    groupId: 'px',
    sessionTimeoutMs: 10_000,
  };
  const topics = ['events.v1', 'audit.events.v1'];
  const members = topics.map(() => watchMember());
  const groups = await Promise.all(
    topics.map((topic) => createKafkaGroup(settings, { topic, onLost: () => undefined })),
  );
  await Promise.all(groups.map((group, at) => group.join(members[at] ?? watchMember())));
  for (const member of members) await untilShared([member], 2);
  for (const [at, topic] of topics.entries()) {
    const log = await openKafkaLog(settings, { topic, maxBytes: 1e6, clock: Date.now });
    const [placed] = await log.append([{ key: 'k', payload: Buffer.from(topic) }]);
    const partition = placed?.partition ?? 0;
    const [entry] = (await members[at]?.reader().read(partition, 0, { maxRecords: 9, maxBytes: 9e9 })) ?? [];
    expect(Buffer.from(entry?.payload ?? []).toString()).toBe(topic);
    await members[at]?.reader().commit(partition, 1);
    expect((await log.status()).depth).toBe(0);
    await log.close();
  }
  await leaveAll(groups);
});
