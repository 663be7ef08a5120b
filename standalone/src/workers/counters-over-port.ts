import type { Ask } from '@px-platform/runtime';
import type { RateCounters } from '@px-platform/server';

type Window = Parameters<RateCounters['toStore']>[0];
type Store = ReturnType<RateCounters['toStore']>;
type Counted = Awaited<ReturnType<Store['increment']>>;

/** The calls by which workers count requests together. */
export type CounterCalls = ReturnType<typeof toCounterCalls>;

/** Serves the counters of both windows. The first worker tells how long each lasts; the others say the same. */
export function toCounterCalls(counters: RateCounters) {
  const stores = new Map<Window, Store>();
  const storeOf = (window: Window): Store => {
    const store = stores.get(window) ?? counters.toStore(window);
    stores.set(window, store);
    return store;
  };
  const begun = new Set<Window>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    'counters.init': async (window: Window, windowMs: number): Promise<void> => {
      if (begun.has(window)) return;
      begun.add(window);
      storeOf(window).init?.({ windowMs } as Parameters<NonNullable<Store['init']>>[0]);
    },
    // One after the other: a store in memory gives its own entry, which the next request of the same turn would change
    // before this one's count is sent.
    'counters.increment': (window: Window, key: string): Promise<Counted> => {
      const counted = last.then(async () => ({ ...(await storeOf(window).increment(key)) }));
      last = counted.catch(() => undefined);
      return counted;
    },
    'counters.decrement': async (window: Window, key: string): Promise<void> => storeOf(window).decrement(key),
    'counters.resetKey': async (window: Window, key: string): Promise<void> => storeOf(window).resetKey(key),
  };
}

/** Counters that the primary holds, so that its workers share them. */
export function connectCounters(ask: Ask): RateCounters {
  return {
    toStore: (window) => ({
      // The calls of one channel keep their order: this one is done before the first request is counted.
      init: ({ windowMs }) => void ask<void>('counters.init', window, windowMs).catch(() => undefined),
      increment: (key) => ask<Counted>('counters.increment', window, key),
      decrement: (key) => ask<void>('counters.decrement', window, key),
      resetKey: (key) => ask<void>('counters.resetKey', window, key),
    }),
    healthChecks: {},
    close: async () => undefined,
  };
}
