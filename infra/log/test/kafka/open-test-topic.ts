import type { EventLog } from '../../src/event-log.ts';
import { createKafkaClient, type KafkaClientName } from '../../src/kafka/create-kafka-client.ts';
import { createMember } from '../../src/kafka/create-member.ts';
import type { GroupTimes, KafkaClient, TopicPlan } from '../../src/kafka/kafka-client.ts';
import { openKafkaWriter } from '../../src/kafka/open-kafka-writer.ts';
import type { LogGroup } from '../../src/log-group.ts';
import { asAdmin } from './as-admin.ts';

/** Short enough for a test to see a member go, long enough for a busy machine. */
const shortTimes: GroupTimes = { sessionTimeoutMs: 8_000, heartbeatIntervalMs: 500, revokeTimeoutMs: 7_000 };

/** A topic of a cluster by one of the client libraries, and what tests open on it. */
export interface TestTopic {
  readonly client: KafkaClient;
  readonly plan: TopicPlan;
  openWriter(options?: { maxBytes?: number; clock?: () => number; timeoutMs?: number }): Promise<EventLog>;
  /** Removes what lies below a position, as retention would. */
  deleteBelow(partition: number, position: number): Promise<void>;
  /** The least number of brokers that are in sync of any partition. */
  inSync(): Promise<number>;
  /** As the coordinator names it: `Stable`, `PreparingRebalance` ... */
  groupState(): Promise<string>;
  /** It looks for more partitions each half second. */
  createMember(onLost?: (lost: { partition: number; from: number; to: number }) => void): LogGroup;
}

/** Gives the name of the group that reads a topic. */
export function toTestGroup(topic: string): string {
  return `px.${topic}`;
}

/** Gives the topic, which the first writer or member makes. */
export async function openTestTopic(options: {
  readonly name: KafkaClientName;
  readonly bootstrap: string;
  readonly topic: string;
  readonly plan?: Partial<TopicPlan>;
  readonly times?: GroupTimes;
  readonly timeoutMs?: number;
}): Promise<TestTopic> {
  const { name, bootstrap, topic, times = shortTimes, timeoutMs: patienceMs = 10_000 } = options;
  const brokers = bootstrap.split(',');
  const groupId = toTestGroup(topic);
  const client = await createKafkaClient(name, { brokers, sasl: null, tls: null, timeoutMs: patienceMs }, topic);
  const plan = {
    partitions: 4,
    retentionMs: 86_400_000,
    replicationFactor: 1,
    maxMessageBytes: 1024 * 1024,
    ...options.plan,
  };
  return {
    client,
    plan,
    openWriter: ({ maxBytes = 100_000_000, clock = Date.now, timeoutMs = 10_000 } = {}) =>
      openKafkaWriter(client, { topic, plan, groupId, maxBytes, timeoutMs, clock }),
    deleteBelow: (partition, position) =>
      asAdmin(bootstrap, async (admin) => {
        // By itself it does not ask who leads the partition.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(position) }] });
      }),
    inSync: () =>
      asAdmin(bootstrap, async (admin) => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return Math.min(...(topics[0]?.partitions ?? []).map(({ isr }) => isr.length));
      }),
    groupState: () =>
      asAdmin(bootstrap, async (admin) => (await admin.describeGroups([groupId])).groups[0]?.state ?? ''),
    createMember: (onLost = () => undefined) =>
      createMember(client, { topic, plan, groupId, times, lookEveryMs: 500, onLost }),
  };
}
