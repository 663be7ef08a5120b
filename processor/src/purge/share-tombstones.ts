import { inOneGo } from '@px-platform/runtime';
import type { PurgeStore } from '@px-platform/store';

/**
 * Wraps purges so that batches of several partitions, which look back at the same time, ask for tombstones in one question: each is given
 * those since its own instant, as of after it asked, and maybe some that another asked for.
 */
export function shareTombstones(purges: PurgeStore): PurgeStore {
  return { ...purges, tombstones: inOneGo((times: readonly number[]) => purges.tombstones(Math.min(...times))) };
}
