import { Counter, Gauge, type Registry } from 'prom-client';

/** Telemetry of which replica of the store is asked. Methods never throw. */
export interface ReplicaMetrics {
  /** The replica of the store that is asked from now on; `from` is the one before, null at the start. */
  replicaUsed(name: string, from: string | null): void;
  /** Whether a replica of the store is away or refuses. */
  replicaAway(name: string, isAway: boolean): void;
}

/** Builds them on a registry. */
export function createReplicaMetrics(registry: Registry): ReplicaMetrics {
  const registers = [registry];
  const replicaGauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['replica'], registers });
  const replicaInUse = replicaGauge(
    'px_store_replica_in_use',
    '1 for the replica of the store that is asked, where CLICKHOUSE_URL names several.',
  );
  const replicaAway = replicaGauge('px_store_replica_away', '1 while a replica of the store is away or refuses.');
  const failovers = new Counter({
    name: 'px_store_failovers_total',
    help: 'Turns from one replica of the store to another.',
    registers,
  });

  return {
    replicaUsed(replica, from) {
      replicaInUse.set({ replica }, 1);
      if (from === null) return;
      replicaInUse.set({ replica: from }, 0);
      failovers.inc();
    },
    replicaAway: (replica, isAway) => replicaAway.set({ replica }, isAway ? 1 : 0),
  };
}
