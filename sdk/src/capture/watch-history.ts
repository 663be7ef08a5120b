/** What of the window is watched. */
export interface HistorySource {
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
}

/**
 * Tells of each pushState and replaceState, after it happened. The wrapped functions keep their `this`, arguments, answer
 * and errors, for routers that wrap them too. `listener` must not throw.
 */
export function watchHistory({ history }: HistorySource, listener: (name: 'pushState' | 'replaceState') => void): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...args) {
      original.apply(this, args);
      listener(name);
    };
  }
}
