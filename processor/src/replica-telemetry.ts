import type { Logger } from '@px-platform/runtime';
import type { ReplicaTelemetry } from '@px-platform/store';
import type { ProcessorMetrics } from './metrics.ts';

/** Counts which server of the store is used and which are away, and tells the log of each turn. */
export function createReplicaTelemetry(
  { storeReplicaInUse, storeReplicaAway, storeFailovers }: ProcessorMetrics,
  logger: Logger,
): ReplicaTelemetry {
  return {
    used(name, from) {
      storeReplicaInUse.set({ replica: name }, 1);
      if (from === null) return;
      storeReplicaInUse.set({ replica: from }, 0);
      storeFailovers.inc();
      logger.warn({ replica: name, from }, 'the store is written at another replica');
    },
    left(name, error) {
      storeReplicaAway.set({ replica: name }, 1);
      logger.warn({ replica: name, err: error }, 'a replica of the store is away or refuses: it is left for a while');
    },
    returned(name) {
      storeReplicaAway.set({ replica: name }, 0);
      logger.info({ replica: name }, 'a replica of the store is back');
    },
  };
}
