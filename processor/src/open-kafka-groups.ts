import { createKafkaGroup, type KafkaSettings, type LogGroup } from '@px-platform/log';
import type { Logger } from '@px-platform/runtime';
import { auditTopic, eventTopic } from '@px-platform/schemas';

/** Gives this processor's membership of the groups of both topics; they reach for Kafka when they are joined. */
export async function openKafkaGroups(
  settings: KafkaSettings,
  logger: Logger,
): Promise<{ readonly log: LogGroup; readonly auditLog: LogGroup }> {
  const open = (topic: string): Promise<LogGroup> =>
    createKafkaGroup(settings, {
      topic,
      onLost: (lost) => logger.error({ ...lost, topic }, 'records were past their retention before they were read'),
    });
  return { log: await open(eventTopic), auditLog: await open(auditTopic) };
}
