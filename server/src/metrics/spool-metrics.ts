import type { SpoolStatus } from '@px-platform/log';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What becomes of a record that the log could not take. */
export type SpoolOutcome = 'spooled' | 'drained' | 'set_aside' | 'damaged';

/** Telemetry of the spool beside a log that is away. Methods never throw. */
export interface SpoolMetrics {
  /** As `queueSeen`, of the spool beside the log. */
  spoolSeen(topic: string, spool: SpoolStatus): void;
  /** What became of spooled records: spooled, drained, set aside, damaged. */
  spoolRecords(topic: string, outcome: SpoolOutcome, count: number): void;
  /** A batch of the drain that the log did not take. */
  spoolDrainFailed(topic: string): void;
}

/** Builds them on a registry. */
export function createSpoolMetrics(registry: Registry): SpoolMetrics {
  const registers = [registry];
  const labelNames = ['topic'] as const;
  const spoolGauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const spoolInUse = spoolGauge('px_spool_in_use', '1 while what comes goes to the spool, for the log is away.');
  const spoolDepth = spoolGauge(
    'px_spool_records',
    'Records spooled beside a log that is away; an embedded log is its own spool: 0.',
  );
  const spoolBytes = spoolGauge('px_spool_bytes', 'Size of what waits in the spool.');
  const spoolMaxBytes = spoolGauge('px_spool_max_bytes', 'Limit of that size; 0 where there is no spool.');
  const spoolAge = spoolGauge('px_spool_oldest_age_seconds', 'Age of the oldest record that waits in the spool.');
  const spoolAside = spoolGauge('px_spool_set_aside', 'Records kept beside the spool, since the log refuses them.');
  const spoolRecords = new Counter({
    name: 'px_spool_records_total',
    help: 'Records of the spool, by what became of them: spooled, drained, set_aside (refused by the log), damaged.',
    labelNames: ['topic', 'outcome'] as const,
    registers,
  });
  const drainFailures = new Counter({
    name: 'px_spool_drain_failures_total',
    help: 'Batches of the spool that were not drained, and are tried again.',
    labelNames,
    registers,
  });

  return {
    spoolSeen(topic, spool) {
      spoolInUse.set({ topic }, spool.isInUse ? 1 : 0);
      spoolDepth.set({ topic }, spool.depth);
      spoolBytes.set({ topic }, spool.bytes);
      spoolMaxBytes.set({ topic }, spool.maxBytes);
      spoolAge.set({ topic }, spool.oldestAgeMs / 1_000);
      spoolAside.set({ topic }, spool.setAside);
    },
    spoolRecords: (topic, outcome, count) => spoolRecords.inc({ topic, outcome }, count),
    spoolDrainFailed: (topic) => drainFailures.inc({ topic }),
  };
}
