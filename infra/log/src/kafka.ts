import type { Clock } from '@px-platform/runtime';
import type { EventLog } from './event-log.ts';
import { createKafkaClient, type KafkaClientName } from './kafka/create-kafka-client.ts';
import { createMember, type GroupSettings } from './kafka/create-member.ts';
import { LEAST_MESSAGE_BYTES } from './kafka/ensure-topic.ts';
import type { GroupTimes, TopicPlan } from './kafka/kafka-client.ts';
import type { KafkaConnection } from './kafka/kafka-connection.ts';
import { openKafkaWriter } from './kafka/open-kafka-writer.ts';
import type { LogGroup } from './log-group.ts';

/** How Kafka is used, whatever the topic. */
export interface KafkaSettings {
  readonly client: KafkaClientName;
  readonly connection: KafkaConnection;
  /** Of a topic that is made; new records are spread over so many, also where it has more. */
  readonly partitions: number;
  readonly retentionMs: number;
  readonly replicationFactor: number;
  /** Of the groups that read: each topic has its own, named `groupId.topic`. */
  readonly groupId: string;
  /** A member of a group that is silent for so long is taken for dead, and its partitions are given to others. */
  readonly sessionTimeoutMs: number;
}

/** Of the time after which a silent member is taken for dead: it is not heard of while it ends what it has begun. */
const revokeShare01 = 2 / 3;
/** Heartbeats in the time after which a silent member is taken for dead. */
const heartbeatsASession = 5;
/** Partitions that are added are read after so long at most. */
const lookEveryMs = 30_000;

/**
 * Opens the writing side of a log in Kafka's topic, which is made where it is missing. An append resolves once all in-sync replicas have
 * it; appends that come meanwhile share the next request. `maxBytes` bounds what waits to be sent. An append that
 * throws may still be written: not later than the requests under way, and never without its error. Throws `config_invalid` where
 * the topic can't be made or is not as it must be, and `log_unavailable` where Kafka can't be reached.
 */
export async function openKafkaLog(
  settings: KafkaSettings,
  { topic, maxBytes, clock }: { readonly topic: string; readonly maxBytes: number; readonly clock: Clock },
): Promise<EventLog> {
  const { client, connection } = settings;
  const groupId = toGroupId(settings, topic);
  const writer = { topic, plan: toPlan(settings), groupId, maxBytes, timeoutMs: connection.timeoutMs, clock };
  return openKafkaWriter(await createKafkaClient(client, connection, topic), writer);
}

/** Builds a member of the group that reads a log in Kafka's topic; it reaches for Kafka when it joins. */
export async function createKafkaGroup(
  settings: KafkaSettings,
  { topic, onLost }: { readonly topic: string; readonly onLost: GroupSettings['onLost'] },
): Promise<LogGroup> {
  const client = await createKafkaClient(settings.client, settings.connection, topic);
  const { sessionTimeoutMs } = settings;
  const heartbeatIntervalMs = Math.floor(sessionTimeoutMs / heartbeatsASession);
  const revokeTimeoutMs = Math.floor(sessionTimeoutMs * revokeShare01);
  const times: GroupTimes = { sessionTimeoutMs, heartbeatIntervalMs, revokeTimeoutMs };
  return createMember(client, {
    topic,
    plan: toPlan(settings),
    groupId: toGroupId(settings, topic),
    times,
    lookEveryMs,
    onLost,
  });
}

/** A group of each topic: its leader shares out the topics that it reads itself, also among members that read another. */
function toGroupId({ groupId }: KafkaSettings, topic: string): string {
  return `${groupId}.${topic}`;
}

function toPlan({ partitions, retentionMs, replicationFactor }: KafkaSettings): TopicPlan {
  return { partitions, retentionMs, replicationFactor, maxMessageBytes: LEAST_MESSAGE_BYTES };
}
