import { MemoryStore, type Store } from 'express-rate-limit';
import type { WindowName } from './rate-limiter.ts';

/** Where requests are counted. */
export interface RateCounters {
  /** The counters of one window; asked for once each. */
  toStore(window: WindowName): Store;
  /** Readiness checks by name: each throws where what it is named after is down. */
  readonly healthChecks: Readonly<Record<string, () => Promise<void>>>;
  close(): Promise<void>;
}

/** Counts in this process alone: right for one server, and for each by itself where there are more. */
export function createMemoryCounters(): RateCounters {
  const stores: MemoryStore[] = [];
  return {
    toStore() {
      const store = new MemoryStore();
      stores.push(store);
      return store;
    },
    healthChecks: {},
    close: async () => {
      for (const store of stores) store.shutdown();
    },
  };
}
