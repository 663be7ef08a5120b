import { resolve } from 'node:path';
import { type EventLog, type KafkaSettings, openLmdbLog, toKafkaSettings } from '@px-platform/log';
import type { Clock, Logger } from '@px-platform/runtime';
import { auditTopic } from '@px-platform/schemas';
import { openLogs as openSpooledLogs, type ServerMetrics } from '@px-platform/server';
import type { z } from 'zod';
import type { standaloneConfigSchema } from './config.ts';
import type { ProcessorLogs } from './processor-process/start-processor-process.ts';

/** The logs of both topics, as the server writes to them, and how the processor reads them. */
export interface OpenLogs {
  readonly log: EventLog;
  readonly auditLog: EventLog;
  readonly logs: ProcessorLogs;
  /** Parts of `/health` beside the log itself. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
}

/**
 * Opens the logs: in the data folder, or in Kafka with a spool in the data folder where brokers are set. Throws
 * what opening them throws, and leaves none open then.
 */
export async function openLogs(given: {
  readonly config: z.infer<typeof standaloneConfigSchema>;
  readonly clock: Clock;
  readonly metrics: ServerMetrics;
  readonly logger: Logger;
}): Promise<OpenLogs> {
  const settings = toKafkaSettings(given.config);
  return settings === null ? openHeld(given) : openInKafka(settings, given);
}

async function openHeld({ config, clock, metrics }: Parameters<typeof openLogs>[0]): Promise<OpenLogs> {
  const open = (name: string, partitions: number, maxBytes: number) =>
    openLmdbLog({
      path: resolve(config.DATA_DIR, 'log', `${name}.lmdb`),
      partitions,
      maxBytes,
      minFreeBytes: config.LOG_MIN_FREE_BYTES,
      clock,
      timeFlush: () => metrics.flushStarted(),
    });
  const log = open('events', config.LOG_PARTITIONS, config.LOG_MAX_BYTES);
  try {
    const auditLog = open(auditTopic, 1, config.AUDIT_LOG_MAX_BYTES);
    return { log, auditLog, logs: { kind: 'held', log, auditLog }, checks: {} };
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function openInKafka(settings: KafkaSettings, given: Parameters<typeof openLogs>[0]): Promise<OpenLogs> {
  const { log, auditLog } = await openSpooledLogs(settings, given);
  return { log, auditLog, logs: { kind: 'kafka', settings }, checks: log.checks };
}
