import type { PurgeStore } from './purge-store.ts';

/**
 * Wraps the purges of a store that nobody else reaches: once none was pending, the store is asked for them again only when one was
 * requested here. Whoever looks each second for what is requested now and then runs no statement for it.
 */
export function rememberNone(purges: PurgeStore): PurgeStore {
  let mayBePending = true;
  return {
    ...purges,
    async request(purge) {
      try {
        return await purges.request(purge);
      } finally {
        // Also where it failed: it may be noted even so. Not before: who looks meanwhile would find none, and remember it.
        mayBePending = true;
      }
    },
    async pending() {
      if (!mayBePending) return [];
      mayBePending = false;
      try {
        const pending = await purges.pending();
        mayBePending ||= pending.length > 0;
        return pending;
      } catch (error) {
        mayBePending = true;
        throw error;
      }
    },
  };
}
