import type { Logger } from '@px-platform/runtime';
import type { ReplicaTelemetry } from '@px-platform/store';
import type { ServerMetrics } from '../metrics.ts';

/** Counts which server of the store is used and which are away, and tells the log of each turn. */
export function createReplicaTelemetry(metrics: ServerMetrics, logger: Logger): ReplicaTelemetry {
  return {
    used(name, from) {
      metrics.replicaUsed(name, from);
      if (from !== null) logger.warn({ replica: name, from }, 'the store is asked at another replica');
    },
    left(name, error) {
      metrics.replicaAway(name, true);
      logger.warn({ replica: name, err: error }, 'a replica of the store is away or refuses: it is left for a while');
    },
    returned(name) {
      metrics.replicaAway(name, false);
      logger.info({ replica: name }, 'a replica of the store is back');
    },
  };
}
