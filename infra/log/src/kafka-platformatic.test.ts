import { afterAll, beforeAll } from 'vitest';
import { describeLogConformance } from '../test/describe-log-conformance.ts';
import { describeKafkaGroup } from '../test/kafka/describe-kafka-group.ts';
import { describeKafkaTrouble } from '../test/kafka/describe-kafka-trouble.ts';
import { openKafkaForConformance } from '../test/kafka/open-kafka-for-conformance.ts';
import { type KafkaCluster, startKafka } from '../test/kafka/start-kafka.ts';

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await startKafka();
});
afterAll(() => cluster.close());

describeLogConformance(
  'Kafka by platformatic',
  (settings) => openKafkaForConformance('platformatic', cluster.bootstrap, settings),
  { isKeptByOthers: true },
);
describeKafkaGroup('platformatic');
describeKafkaTrouble('platformatic');
