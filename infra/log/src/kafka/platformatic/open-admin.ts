import { Admin, type BaseOptions, ConfigResourceTypes, ListOffsetTimestamps } from '@platformatic/kafka';
import type { CommittedPosition, KafkaAdmin } from '../kafka-client.ts';
import { isKafkaFailure, type KafkaFailure } from '../kafka-failure.ts';
import { toLeastCopies } from '../to-least-copies.ts';
import { findTlsRefusal } from './find-tls-refusal.ts';
import { findTopic } from './find-topic.ts';
import { hasProtocolError, toFailure } from './to-failure.ts';

/** Opens what asks about one topic. Throws a `KafkaFailure` where no broker takes the connection. */
export async function openAdmin(options: BaseOptions, topic: string): Promise<KafkaAdmin> {
  const admin = new Admin(options);
  admin.on('error', () => undefined);
  try {
    await admin.metadata({ topics: [] });
  } catch (thrown) {
    await admin.close().catch(() => undefined);
    throw (await findRefusal(options)) ?? toFailure(thrown);
  }

  async function asking<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (thrown) {
      throw toFailure(thrown);
    }
  }

  async function offsets(timestamp: bigint): Promise<number[]> {
    const { found: standing } = await findTopic(admin, topic, { isFresh: false });
    const partitions = Array.from({ length: standing.partitionsCount }, (_, partitionIndex) => ({
      partitionIndex,
      timestamp,
    }));
    const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
    const list: number[] = [];
    for (const { partitionIndex, offset } of found?.partitions ?? []) list[partitionIndex] = Number(offset);
    return list;
  }

  return {
    describeTopic: () =>
      asking(async () => {
        const standing = await findTopic(admin, topic, { isFresh: true }).catch(toMissing);
        if (standing === null) return null;
        const { found } = standing;
        const [described] = await admin.describeConfigs({
          resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: null }],
        });
        const config = new Map(described?.configs.map(({ name, value }) => [name, value]));
        return {
          id: found.id,
          partitions: found.partitionsCount,
          retentionMs: Number(config.get('retention.ms')),
          maxMessageBytes: Number(config.get('max.message.bytes')),
          cleanupPolicy: config.get('cleanup.policy') ?? '',
        };
      }),
    createTopic: ({ partitions, replicationFactor, retentionMs, maxMessageBytes }) =>
      asking(async () => {
        const configs = [
          { name: 'retention.ms', value: String(retentionMs) },
          { name: 'max.message.bytes', value: String(maxMessageBytes) },
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'min.insync.replicas', value: String(toLeastCopies(replicationFactor)) },
        ];
        try {
          await admin.createTopics({ topics: [topic], partitions, replicas: replicationFactor, configs });
        } catch (thrown) {
          // Another process has made it meanwhile.
          if (!hasProtocolError(thrown, 'TOPIC_ALREADY_EXISTS')) throw thrown;
        }
      }),
    ends: () => asking(() => offsets(ListOffsetTimestamps.LATEST)),
    starts: () => asking(() => offsets(ListOffsetTimestamps.EARLIEST)),
    positionsAt: (sentAt) =>
      asking(async () => {
        const found = await offsets(BigInt(sentAt));
        if (!found.includes(-1)) return found;
        const ends = await offsets(ListOffsetTimestamps.LATEST);
        return found.map((position, partition) => (position === -1 ? (ends[partition] ?? 0) : position));
      }),
    committed: (groupId) =>
      asking(async () => {
        const { found } = await findTopic(admin, topic, { isFresh: false });
        const partitionIndexes = Array.from({ length: found.partitionsCount }, (_, partition) => partition);
        const [group] = await admin.listConsumerGroupOffsets({
          groups: [{ groupId, topics: [{ name: topic, partitionIndexes }] }],
        });
        const committed: (CommittedPosition | null)[] = [];
        for (const { partitionIndex, committedOffset, metadata } of group?.topics[0]?.partitions ?? []) {
          const next = Number(committedOffset);
          committed[partitionIndex] = next < 0 ? null : { next, note: metadata ?? '' };
        }
        return committed;
      }),
    close: () => admin.close(),
  };
}

function toMissing(thrown: unknown): null {
  if (isKafkaFailure(thrown, 'topic_missing')) return null;
  throw thrown;
}

async function findRefusal({ tls, bootstrapBrokers }: BaseOptions): Promise<KafkaFailure | null> {
  const [first] = bootstrapBrokers;
  return typeof tls === 'object' && typeof first === 'string' ? findTlsRefusal(first, tls) : null;
}
