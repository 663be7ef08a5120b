import kafkajs, { type Cluster, type Consumer, type ConsumerConfig, type Kafka } from 'kafkajs';

/**
 * Builds a consumer and gives with it the connections that it works by: kafkajs hands them to a partition assigner, and to nobody else. They
 * know what the consumer does not tell.
 */
export function createConsumerWithCluster(
  kafka: Kafka,
  config: ConsumerConfig,
): { readonly consumer: Consumer; readonly cluster: Cluster } {
  let found: Cluster | null = null;
  const consumer = kafka.consumer({
    ...config,
    partitionAssigners: [
      (given) => {
        found = given.cluster;
        return kafkajs.PartitionAssigners.roundRobin(given);
      },
    ],
  });
  if (found === null) throw new TypeError('kafkajs built a consumer without its assigner.');
  return { consumer, cluster: found };
}
