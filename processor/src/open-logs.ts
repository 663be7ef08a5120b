import { createKafkaGroup, type KafkaSettings, type LogGroup, openKafkaLog } from '@px-platform/log';
import { type Clock, isAppError, type Logger } from '@px-platform/runtime';
import { auditTopic, deadLetterTopic, eventTopic } from '@px-platform/schemas';
import { createLetterTopic, type LetterTopic } from './letters/letter-topic.ts';
import type { ProcessorMetrics } from './metrics.ts';

/** What a processor has in Kafka. */
export interface KafkaLogs {
  /** Its membership of the groups of both topics; they reach for Kafka when they are joined. */
  readonly log: LogGroup;
  readonly auditLog: LogGroup;
  readonly letterTopic: LetterTopic;
}

/**
 * Opens what a processor has in Kafka. The topic of dead letters is made or looked at now, unless brokers are away. Throws
 * `config_invalid` where it can't be made or is not as it must be.
 */
export async function openLogs(
  settings: KafkaSettings,
  deps: { readonly metrics: ProcessorMetrics; readonly clock: Clock; readonly logger: Logger },
): Promise<KafkaLogs> {
  const { metrics, clock, logger } = deps;
  const open = (topic: string): Promise<LogGroup> =>
    createKafkaGroup(settings, {
      topic,
      onLost: (lost) => logger.error({ ...lost, topic }, 'records were past their retention before they were read'),
    });
  // Nothing waits behind it but the batch whose letters they are.
  const letters = { topic: deadLetterTopic, maxBytes: Number.MAX_SAFE_INTEGER, clock };
  const openLetters = () => openKafkaLog(settings, letters);
  try {
    await (await openLetters()).close();
  } catch (error) {
    if (!isAppError(error, 'log_unavailable')) throw error;
  }
  const letterTopic = createLetterTopic({ open: openLetters, metrics, logger });
  return { log: await open(eventTopic), auditLog: await open(auditTopic), letterTopic };
}
