import type { LogStatus } from '@px-platform/log';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { latencyBuckets } from './latency-buckets.ts';

/** Telemetry of the log: appends, its disk, what waits in it. Methods never throw. */
export interface LogMetrics {
  /** As `LogTelemetry` of the log's package. */
  appended(append: { records: number; bytes: number; seconds: number }): void;
  failed(failure: { records: number; error: unknown }): void;
  /** Begins to time one writing of the log to its disk, fsync included; what it gives ends it. */
  flushStarted(): () => void;
  /** Sets what is asked for at each scrape, by topic: records not yet processed, by partition too, and the age of the oldest in ms. */
  queueSeen(
    topic: string,
    queue: Pick<LogStatus, 'depth' | 'oldestAgeMs' | 'bytes' | 'maxBytes' | 'lagByPartition'>,
  ): void;
}

/** Builds them on a registry. */
export function createLogMetrics(registry: Registry): LogMetrics {
  const registers = [registry];
  const appendSeconds = new Histogram({
    name: 'px_ingest_append_seconds',
    help: 'Time until the log answered that a request is durable.',
    buckets: latencyBuckets,
    registers,
  });
  const flushSeconds = new Histogram({
    name: 'px_log_fsync_seconds',
    help: 'Time of one transaction of the log, written and fsynced, which all that was appended meanwhile shares.',
    buckets: latencyBuckets,
    registers,
  });
  const records = new Counter({
    name: 'px_ingest_records_total',
    help: 'Log records, by whether the log took them.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const labelNames = ['topic'] as const;
  const depth = new Gauge({ name: 'px_queue_depth', help: 'Log records not yet processed.', labelNames, registers });
  const lag = new Gauge({
    name: 'px_queue_lag',
    help: 'Records of a partition not yet processed.',
    labelNames: ['topic', 'partition'] as const,
    registers,
  });
  const age = new Gauge({
    name: 'px_queue_oldest_age_seconds',
    help: 'Age of the oldest record not yet processed.',
    labelNames,
    registers,
  });
  const logBytes = new Gauge({ name: 'px_queue_bytes', help: 'Size of the log.', labelNames, registers });
  const logMaxBytes = new Gauge({
    name: 'px_queue_max_bytes',
    help: 'Limit of the size of the log.',
    labelNames,
    registers,
  });

  return {
    appended(append) {
      appendSeconds.observe(append.seconds);
      records.inc({ outcome: 'appended' }, append.records);
    },
    failed: (failure) => records.inc({ outcome: 'refused' }, failure.records),
    flushStarted: () => {
      const endTimer = flushSeconds.startTimer();
      return () => void endTimer();
    },
    queueSeen(topic, queue) {
      depth.set({ topic }, queue.depth);
      for (const [partition, records] of Object.entries(queue.lagByPartition)) lag.set({ topic, partition }, records);
      age.set({ topic }, queue.oldestAgeMs / 1_000);
      logBytes.set({ topic }, queue.bytes);
      logMaxBytes.set({ topic }, queue.maxBytes);
    },
  };
}
