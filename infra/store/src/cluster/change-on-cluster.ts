import type { Engine } from '../engine.ts';
import { toClusterChange } from './to-cluster-change.ts';
import type { Cluster } from './to-cluster-form.ts';

/** Wraps an engine, so that changes of stored rows are made on every shard; all else goes on naming the Distributed tables. */
export function changeOnCluster(engine: Engine, cluster: Cluster): Engine {
  return {
    ...engine,
    async run({ sql, params }) {
      for (const one of toClusterChange(sql, cluster)) await engine.run({ sql: one, params });
    },
  };
}
