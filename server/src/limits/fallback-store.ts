import type { ClientRateLimitInfo, Options, Store } from 'express-rate-limit';

/** Says whether counters are shared now. */
export interface SharedState {
  isShared(): boolean;
  /** Hears that a counter could not be reached. */
  lost(cause: unknown): void;
  /** Runs when counters may be reached again, before they are shared: a throw keeps them in memory. */
  onReturn(prepare: () => Promise<void>): void;
}

/**
 * Counts in a store that several servers share, and in this process's own while that one can't be reached: each server then
 * holds the limit by itself, and begins from nothing. A counter that does not answer within `timeoutMs` counts as away.
 */
export function createFallbackStore(options: {
  readonly shared: Store;
  readonly own: Store;
  readonly state: SharedState;
  readonly timeoutMs: number;
}): Store {
  const { shared, own, state, timeoutMs } = options;
  const call = async <T>(run: (store: Store) => T | Promise<T>): Promise<T> => {
    if (!state.isShared()) return run(own);
    try {
      return await withDeadline(Promise.resolve(run(shared)), timeoutMs);
    } catch (cause) {
      state.lost(cause);
      return run(own);
    }
  };
  return {
    init(given: Options) {
      own.init?.(given);
      // The scripts that count are kept by the server of the counters until it restarts.
      state.onReturn(async () => void (await shared.init?.(given)));
    },
    increment: (key): Promise<ClientRateLimitInfo> => call((store) => store.increment(key)),
    decrement: (key) => call((store) => store.decrement(key)),
    resetKey: (key) => call((store) => store.resetKey(key)),
    ...(shared.prefix === undefined ? {} : { prefix: shared.prefix }),
  };
}

function withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
