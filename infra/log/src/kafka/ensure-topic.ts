import { AppError } from '@px-platform/runtime';
import type { KafkaAdmin, TopicPlan, TopicStanding } from './kafka-client.ts';
import { isKafkaFailure, toAccessError } from './kafka-failure.ts';

/** The largest batch that a topic must take at least: two records as large as ingest makes them. */
export const LEAST_MESSAGE_BYTES = 1024 * 1024;

/**
 * Gives how the topic stands, after it was made where it is missing. Throws `config_invalid` where it is missing and may not be made, or
 * is there and could lose events as it is, with the command that mends it, and `log_unavailable` where Kafka can't be asked.
 */
export async function ensureTopic(admin: KafkaAdmin, topic: string, plan: TopicPlan): Promise<TopicStanding> {
  try {
    const standing = (await find(admin)) ?? (await createTopic(admin, topic, plan));
    const wrong = [...findFaults(topic, standing, plan)];
    if (wrong.length === 0) return standing;
    throw new AppError(
      'config_invalid',
      `Kafka's topic ${topic} is not as this process needs it:\n${wrong.join('\n')}`,
    );
  } catch (thrown) {
    throw toAccessError(`Asking Kafka for topic ${topic}`, thrown);
  }
}

/** Null also where this user may not see the topic: Kafka tells such a user nothing more. */
async function find(admin: KafkaAdmin): Promise<TopicStanding | null> {
  try {
    return await admin.describeTopic();
  } catch (thrown) {
    if (isKafkaFailure(thrown, 'refused')) return null;
    throw thrown;
  }
}

async function createTopic(admin: KafkaAdmin, topic: string, plan: TopicPlan): Promise<TopicStanding> {
  try {
    await admin.createTopic(plan);
  } catch (cause) {
    if (!isKafkaFailure(cause, 'refused')) throw cause;
    throw new AppError(
      'config_invalid',
      `Kafka's topic ${topic} is missing or hidden from this user, who may not make it (${cause.message}). Grant Describe, Read and Write on it, or have it made: ` +
        `kafka-topics.sh --create --topic ${topic} --partitions ${plan.partitions} --replication-factor ${plan.replicationFactor} ` +
        `--config retention.ms=${plan.retentionMs} --config max.message.bytes=${plan.maxMessageBytes}`,
      { cause },
    );
  }
  const standing = await admin.describeTopic();
  if (standing !== null) return standing;
  throw new AppError(
    'log_unavailable',
    `Kafka made topic ${topic}, and does not tell of it yet. Start the process again.`,
  );
}

function* findFaults(topic: string, standing: TopicStanding, plan: TopicPlan): Generator<string> {
  const { partitions, retentionMs, maxMessageBytes, cleanupPolicy } = standing;
  const set = (name: string, value: number | string): string =>
    `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${name}=${value}`;
  if (partitions < plan.partitions) {
    yield `  It has ${partitions} partitions, fewer than KAFKA_TOPIC_PARTITIONS=${plan.partitions}: set that to ${partitions}, or run ` +
      `kafka-topics.sh --alter --topic ${topic} --partitions ${plan.partitions} while nothing waits in it`;
  }
  if (retentionMs >= 0 && retentionMs < plan.retentionMs) {
    yield `  It keeps records for ${retentionMs} ms, less than KAFKA_RETENTION_MS=${plan.retentionMs}: set that, or run ` +
      set('retention.ms', plan.retentionMs);
  }
  if (maxMessageBytes < LEAST_MESSAGE_BYTES) {
    yield `  It takes batches of ${maxMessageBytes} bytes, less than ${LEAST_MESSAGE_BYTES}: run ${set('max.message.bytes', plan.maxMessageBytes)}`;
  }
  if (cleanupPolicy.includes('compact')) {
    yield `  It is compacted, which keeps one record of each person: run ${set('cleanup.policy', 'delete')}`;
  }
}
