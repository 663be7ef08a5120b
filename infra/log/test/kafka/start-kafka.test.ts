import { afterAll, beforeAll, expect, it } from 'vitest';
import { countBrokers } from './count-brokers.ts';
import { type KafkaCluster, startKafka } from './start-kafka.ts';

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await startKafka({ brokers: 3 });
});
afterAll(() => cluster.close());

it('starts brokers that know each other, and misses the one that is killed until it is back', async () => {
  const [first, second] = cluster.brokers;
  expect(cluster.bootstrap.split(',')).toHaveLength(3);
  expect(await countBrokers(first?.address ?? '')).toBe(3);
  await second?.kill();
  expect(await countBrokers(second?.address ?? '')).toBe(0);
  await expect.poll(() => countBrokers(first?.address ?? ''), { timeout: 30_000 }).toBe(2);
  await second?.start();
  await expect.poll(() => countBrokers(first?.address ?? ''), { timeout: 30_000 }).toBe(3);
});
