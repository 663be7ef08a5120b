import { now } from '../clock.ts';
import { after } from '../diagnostics.ts';
import { catchUp } from '../later.ts';
import { listen } from '../listen.ts';

/**
 * Reports each navigation that changes what the option `pageKey` names: the path, path and query, or these and the
 * fragment. A replaceState counts only where the path changes, since routers and filters rewrite the address of the page
 * one is on. What one task does to the history is one navigation, at the time it began (epoch ms), from the address before
 * it. `onMove` hears of it while the page shows still what it showed. Gives a function that reports at once what waits
 * for its task to end: the page is going.
 */
export function capturePageViews(
  pageKey: 'path' | 'query' | 'hash' | undefined,
  onMove: () => void,
  onView: (at: number, previousUrl: string) => void,
): () => void {
  const read = () => {
    const { href, pathname, search, hash } = location;
    return {
      href,
      path: pathname,
      key: [pathname, /query|hash/.test(`${pageKey}`) && search, pageKey === 'hash' && hash].join(),
    };
  };
  let known = read();
  let movedAt = 0;
  let isOnlyReplace = true;
  const settle = () => {
    const [at, { href, path, key }] = [movedAt, known];
    if (!at) return;
    movedAt = 0;
    known = read();
    if (isOnlyReplace ? known.path !== path : known.key !== key) onView(at, href);
    isOnlyReplace = true;
  };
  const move = (isReplace: boolean) => {
    isOnlyReplace &&= isReplace;
    if (movedAt) return;
    movedAt = now();
    onMove();
    after(0, settle);
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    // Keeps `this`, arguments, answer and errors, for routers that wrap them too.
    history[name] = function (...args) {
      catchUp();
      original.apply(this, args);
      move(name === 'replaceState');
    };
  }
  listen('popstate', () => move(false));
  return settle;
}
