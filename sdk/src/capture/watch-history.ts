/** Hears of each navigation inside the document, after it happened. Never throws. */
export type NavigationListener = (kind: 'push' | 'replace' | 'pop') => void;

/** What of the window is watched. */
export interface HistorySource {
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  addEventListener(type: 'popstate', listener: () => void): void;
}

/** Marks our wrapper and carries its listeners, so that two copies of the SDK on a page wrap once. */
const listenersKey = Symbol.for('px.history');

/**
 * Watches pushState, replaceState and popstate. The wrapped functions keep their `this`, arguments, answer and errors,
 * for routers that wrap them too.
 */
export function watchHistory(source: HistorySource, listener: NavigationListener): void {
  listenersOf(source.history, 'pushState').push(() => listener('push'));
  listenersOf(source.history, 'replaceState').push(() => listener('replace'));
  source.addEventListener('popstate', () => listener('pop'));
}

function listenersOf(history: HistorySource['history'], name: 'pushState' | 'replaceState'): (() => void)[] {
  const original = history[name];
  if (listenersKey in original && Array.isArray(original[listenersKey])) return original[listenersKey];
  const listeners: (() => void)[] = [];
  history[name] = Object.assign(
    function (this: History, ...args: Parameters<History['pushState']>) {
      const answer = original.apply(this, args);
      for (const listener of listeners) listener();
      return answer;
    },
    { [listenersKey]: listeners },
  );
  return listeners;
}
