import type { Ground } from '../ports.ts';
import { type HistorySource, watchHistory } from './watch-history.ts';

/** What the capture of page views needs of the window. */
export interface PageViewSource extends HistorySource, EventTarget {
  readonly location: Pick<Location, 'href' | 'pathname' | 'search' | 'hash'>;
}

/**
 * Reports each navigation that changes what `pageKey` names: the path, path and query, or these and the fragment. A
 * replaceState counts only where the path changes, since routers and filters rewrite the address of the page one is on.
 * What one task does to the history is one navigation, at the time it began (epoch ms), from the address before it.
 * `onMove` hears of it while the page shows still what it showed. Gives a function that reports at once what waits for
 * its task to end: the page is going.
 */
export function capturePageViews(
  { listen, now, after }: Ground,
  source: PageViewSource,
  options: {
    readonly pageKey: string | undefined;
    readonly onMove: () => void;
    readonly onView: (at: number, previousUrl: string) => void;
  },
): () => void {
  const { location } = source;
  const read = () => {
    const { href, pathname, search, hash } = location;
    const query = /query|hash/.test(`${options.pageKey}`) ? search : '';
    return { href, pathname, key: pathname + query + (options.pageKey === 'hash' ? hash : '') };
  };
  let known = read();
  let movedAt = 0;
  let isOnlyReplace = true;

  const settle = () => {
    const at = movedAt;
    const { href, pathname, key } = known;
    if (!at) return;
    movedAt = 0;
    known = read();
    if (isOnlyReplace ? known.pathname !== pathname : known.key !== key) options.onView(at, href);
    isOnlyReplace = true;
  };
  const move = (name: string) => {
    isOnlyReplace &&= name === 'replaceState';
    if (movedAt) return;
    movedAt = now();
    options.onMove();
    after(0, settle);
  };
  watchHistory(source, move);
  listen(source, 'popstate', () => move('pop'));
  return settle;
}
