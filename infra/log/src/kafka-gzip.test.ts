import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openTestTopic } from '../test/kafka/open-test-topic.ts';
import { type KafkaCluster, startKafka } from '../test/kafka/start-kafka.ts';
import { untilShared, watchMember } from '../test/kafka/watch-member.ts';
import { mendKafkajs } from './kafka/kafkajs/mend-kafkajs.ts';

vi.mock('lz4-napi', () => {
  throw new Error('Its binary is none of this platform.');
});

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await startKafka();
});
afterAll(() => cluster.close());

it('sends with gzip where the codec of LZ4 does not load, and reads that back', async () => {
  expect(await mendKafkajs()).toBe(kafkajs.CompressionTypes.GZIP);
  const plan = { partitions: 1 };
  const topic = await openTestTopic({ name: 'kafkajs', bootstrap: cluster.bootstrap, topic: 'zipped', plan });
  const writer = await topic.openWriter();
  const payload = Buffer.from('three clicks and a page view '.repeat(10_000));
  await writer.append([{ key: 'k', payload }]);
  await writer.close();
  const member = watchMember();
  const group = topic.createMember();
  await group.join(member);
  await untilShared([member], 1);
  const [entry] = await member.reader().read(0, 0, { maxRecords: 9, maxBytes: 1e6 });
  expect(Buffer.from(entry?.payload ?? []).equals(payload)).toBe(true);
  await group.leave();
});
