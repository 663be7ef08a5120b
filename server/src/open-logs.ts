import { resolve } from 'node:path';
import { type KafkaSettings, openSpooledKafkaLog, type SpooledLog } from '@px-platform/log';
import type { Clock, Logger } from '@px-platform/runtime';
import { auditTopic, eventTopic } from '@px-platform/schemas';
import { createSpoolTelemetry } from './health/spool-telemetry.ts';
import type { ServerMetrics } from './metrics.ts';

/** Of what the spool of events may hold, the part that the spool of audit events may hold beside it. */
const auditShare = 1 / 8;

/** The logs of both topics in Kafka, as a server writes to them. */
export interface SpooledLogs {
  readonly log: SpooledLog;
  readonly auditLog: SpooledLog;
}

/** Opens both logs with a spool each in the data folder. Throws what `openSpooledKafkaLog` throws, and leaves none open then. */
export async function openLogs(
  settings: KafkaSettings,
  given: {
    readonly config: {
      readonly DATA_DIR: string;
      readonly SPOOL_MAX_BYTES: number;
      readonly LOG_MIN_FREE_BYTES: number;
    };
    readonly clock: Clock;
    readonly metrics: ServerMetrics;
    readonly logger: Logger;
  },
): Promise<SpooledLogs> {
  const { config, clock, metrics, logger } = given;
  const open = (topic: string, maxSpoolBytes: number): Promise<SpooledLog> =>
    openSpooledKafkaLog(settings, {
      topic,
      folder: resolve(config.DATA_DIR, 'spool', topic),
      maxSpoolBytes,
      minFreeBytes: config.LOG_MIN_FREE_BYTES,
      clock,
      telemetry: createSpoolTelemetry(topic, metrics, logger),
      timeFlush: () => metrics.flushStarted(),
    });
  const log = await open(eventTopic, config.SPOOL_MAX_BYTES);
  try {
    return { log, auditLog: await open(auditTopic, Math.ceil(config.SPOOL_MAX_BYTES * auditShare)) };
  } catch (error) {
    await log.close();
    throw error;
  }
}
