import type { EventLog } from '@px-platform/log';
import { isAppError, type Logger } from '@px-platform/runtime';
import {
  type DeadLetter,
  parseAuditRecord,
  parseLogRecord,
  toDeadLetterMessage,
  toRecordKey,
} from '@px-platform/schemas';
import type { ProcessorMetrics } from '../metrics.ts';

/** The topic where dead letters stand for others to read, beside the store. */
export interface LetterTopic {
  /**
   * Publishes letters of the records of `topic`, each once or, where an answer was lost, several times. Resolves once all in-sync
   * replicas have them; a letter that the topic will never take is counted and told, and does not stop the others. Throws
   * `log_unavailable` while brokers are away: to be tried again.
   */
  publish(letters: readonly DeadLetter[], topic: string): Promise<void>;
  close(): Promise<void>;
}

/** Of original bytes in one message: first as many as a record of ingest has, then few enough for any topic. */
const payloadBounds = [512 * 1024, 16 * 1024];
/** Letters under way at once: each is in memory as a message too. */
const sliceLetters = 200;

/**
 * Builds the topic on a log that is opened when it is first needed, and anew after it failed: a topic that was deleted meanwhile is then
 * made again.
 */
export function createLetterTopic({
  open,
  metrics,
  logger,
}: {
  readonly open: () => Promise<EventLog>;
  readonly metrics: Pick<ProcessorMetrics, 'publishedLetters'>;
  readonly logger: Logger;
}): LetterTopic {
  let opening: Promise<EventLog> | null = null;

  async function publishOne(letter: DeadLetter, topic: string): Promise<void> {
    let refusal: unknown = null;
    for (const maxPayloadBytes of payloadBounds) {
      const message = toDeadLetterMessage(letter, { topic, maxPayloadBytes });
      opening ??= open();
      const used = opening;
      try {
        await (await used).append([{ key: toKey(letter), payload: Buffer.from(JSON.stringify(message)) }]);
        metrics.publishedLetters.inc({ outcome: message.is_cut ? 'cut' : 'whole' });
        return;
      } catch (error) {
        refusal = error;
        if (isAppError(error, 'log_refused_records')) continue;
        leave(used);
        if (isAppError(error, 'log_unavailable')) throw error;
        break;
      }
    }
    metrics.publishedLetters.inc({ outcome: 'failed' });
    const { payload: _, message: __, ...place } = letter;
    logger.error({ err: refusal, letter: place }, 'a dead letter is in the store, and could not be published');
  }

  function leave(used: Promise<EventLog>): void {
    if (opening === used) opening = null;
    used.then((log) => log.close()).catch(() => undefined);
  }

  return {
    async publish(letters, topic) {
      for (let at = 0; at < letters.length; at += sliceLetters) {
        const slice = letters.slice(at, at + sliceLetters);
        await Promise.all(slice.map((letter) => publishOne(letter, topic)));
      }
    },
    async close() {
      const used = opening;
      opening = null;
      await used?.then((log) => log.close()).catch(() => undefined);
    },
  };
}

/** That of its record, so that letters of a person keep their order; of what is no record, its place's. */
function toKey({ payload, log, partition }: DeadLetter): string {
  const bytes = Buffer.from(payload, 'base64');
  const record = parseLogRecord(bytes);
  if (record !== null) return toRecordKey(record.project_id, record.person_key);
  return parseAuditRecord(bytes)?.project_id ?? `${log}:${partition}`;
}
