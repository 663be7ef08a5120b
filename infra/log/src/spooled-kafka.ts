import type { Clock } from '@px-platform/runtime';
import { type KafkaSettings, openKafkaLog } from './kafka.ts';
import { createSpooledLog, type SpooledLog } from './spool/create-spooled-log.ts';
import { openLateLog } from './spool/open-late-log.ts';
import { openSpool } from './spool/open-spool.ts';
import type { SpoolTelemetry } from './spool/spool-telemetry.ts';

/** Bytes of records that may wait to be sent to Kafka: more than it takes in a moment belongs into the spool. */
const maxWaitingBytes = 64 * 1024 * 1024;

/**
 * Opens the writing side of a topic in Kafka with a spool beside it, so that events are taken while Kafka is away, also where
 * it is at this start. Throws `config_invalid` where the topic is there and can't be written to, and what `openSpool` throws.
 */
export async function openSpooledKafkaLog(
  settings: KafkaSettings,
  options: {
    readonly topic: string;
    /** Of the spool. */
    readonly folder: string;
    readonly maxSpoolBytes: number;
    readonly minFreeBytes: number;
    readonly clock: Clock;
    readonly telemetry: SpoolTelemetry;
    readonly timeFlush: () => () => void;
  },
): Promise<SpooledLog> {
  const { topic, folder, maxSpoolBytes, minFreeBytes, clock, telemetry, timeFlush } = options;
  const spool = await openSpool({ folder, maxBytes: maxSpoolBytes, minFreeBytes, clock, timeFlush });
  try {
    const log = await openLateLog(() => openKafkaLog(settings, { topic, maxBytes: maxWaitingBytes, clock }));
    const stopwatch = () => performance.now();
    return createSpooledLog({ log, backend: 'kafka', spool, telemetry, random: Math.random, stopwatch });
  } catch (error) {
    await spool.close();
    throw error;
  }
}
