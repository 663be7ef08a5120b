import type { Ask, Calls } from '@px-platform/runtime';
import type { RollupRange, RollupStore } from './rollup-store.ts';

/** The calls by which another process reaches the rollups, for `serveCalls`. */
export function toRollupCalls(rollups: RollupStore): Calls {
  return {
    'rollups.rebuild': (projectId: string, range: RollupRange) => rollups.rebuild(projectId, range),
    'rollups.progress': (projectId: string, range: RollupRange) => rollups.progress(projectId, range),
    'rollups.check': (projectId: string, range: RollupRange) => rollups.check(projectId, range),
  };
}

/** The rollups in another process than the engine: keep the contract of the store that is served. */
export function connectRollups(ask: Ask): RollupStore {
  return {
    rebuild: (projectId, range) => ask('rollups.rebuild', projectId, range),
    progress: (projectId, range) => ask('rollups.progress', projectId, range),
    check: (projectId, range) => ask('rollups.check', projectId, range),
  };
}
