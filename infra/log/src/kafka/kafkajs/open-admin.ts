import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Kafka } from 'kafkajs';
import type { CommittedPosition, KafkaAdmin, TopicStanding } from '../kafka-client.ts';
import { toLeastCopies } from '../to-least-copies.ts';
import { createConsumerWithCluster } from './create-consumer-with-cluster.ts';
import { fetchTopicId } from './fetch-topic-id.ts';
import { toFailure } from './to-failure.ts';

const askTries = 5;
const askAgainMs = 200;
const retry = { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000 };

/** Opens what asks about one topic. Throws a `KafkaFailure` where no broker takes the connection. */
export async function openAdmin(kafka: Kafka, topic: string): Promise<KafkaAdmin> {
  const admin = kafka.admin({ retry });
  // Never run: it lends the connections over which offsets of all kinds can be asked for.
  const { consumer, cluster } = createConsumerWithCluster(kafka, {
    groupId: 'px-asks',
    allowAutoTopicCreation: false,
    retry,
  });
  try {
    await admin.connect();
    await consumer.connect();
  } catch (thrown) {
    await Promise.allSettled([admin.disconnect(), consumer.disconnect()]);
    throw toFailure(thrown);
  }

  async function asking<T>(question: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await question();
      } catch (thrown) {
        if (!isPassing(thrown) || tries === askTries) throw toFailure(thrown);
        await pause(askAgainMs * tries);
      }
    }
  }

  async function offsets(kind: { fromBeginning: boolean } | { fromTimestamp: number }): Promise<number[]> {
    await cluster.addTargetTopic(topic);
    await cluster.refreshMetadataIfNecessary();
    try {
      return await askOffsets(kind);
    } catch {
      // Its leaders have moved: asked again as it stands now.
      await cluster.refreshMetadata();
      return askOffsets(kind);
    }
  }

  async function askOffsets(kind: { fromBeginning: boolean } | { fromTimestamp: number }): Promise<number[]> {
    const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }));
    const [found] = await cluster.fetchTopicsOffset([{ topic, partitions, ...kind }]);
    return toList(found?.partitions ?? []);
  }

  return {
    describeTopic: () =>
      asking(async (): Promise<TopicStanding | null> => {
        await cluster.refreshMetadata();
        const id = await fetchTopicId(await cluster.findControllerBroker(), topic);
        if (id === null) return null;
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const { resources } = await admin.describeConfigs({
          resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
          includeSynonyms: false,
        });
        const config = new Map(
          resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
        );
        return {
          id,
          partitions: topics[0]?.partitions.length ?? 0,
          retentionMs: Number(config.get('retention.ms')),
          maxMessageBytes: Number(config.get('max.message.bytes')),
          cleanupPolicy: config.get('cleanup.policy') ?? '',
        };
      }),
    createTopic: ({ partitions, replicationFactor, retentionMs, maxMessageBytes }) =>
      asking(async () => {
        const configEntries = [
          { name: 'retention.ms', value: String(retentionMs) },
          { name: 'max.message.bytes', value: String(maxMessageBytes) },
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'min.insync.replicas', value: String(toLeastCopies(replicationFactor)) },
        ];
        // False where another process has made it meanwhile.
        await admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }] });
      }),
    ends: () => asking(() => offsets({ fromBeginning: false })),
    starts: () => asking(() => offsets({ fromBeginning: true })),
    positionsAt: (sentAt) =>
      asking(async () => {
        const found = await offsets({ fromTimestamp: sentAt });
        if (!found.includes(-1)) return found;
        const ends = await offsets({ fromBeginning: false });
        return found.map((position, partition) => (position === -1 ? (ends[partition] ?? 0) : position));
      }),
    committed: (groupId) =>
      asking(async () => {
        const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
        const committed: (CommittedPosition | null)[] = [];
        for (const { partition, offset, metadata } of found?.partitions ?? []) {
          committed[partition] = Number(offset) < 0 ? null : { next: Number(offset), note: metadata ?? '' };
        }
        return committed;
      }),
    async close() {
      await Promise.all([admin.disconnect(), consumer.disconnect()]);
    },
  };
}

/** A broker's answer that it can't tell yet: a group's coordinator is being loaded, or was moved. */
function isPassing(thrown: unknown): boolean {
  return thrown instanceof Error && 'type' in thrown && 'retriable' in thrown && thrown.retriable === true;
}

/** By partition, which kafkajs gives in any order. */
function toList(found: readonly { readonly partition: number; readonly offset: string }[]): number[] {
  const list: number[] = [];
  for (const { partition, offset } of found) list[partition] = Number(offset);
  return list;
}
