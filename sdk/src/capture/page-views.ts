import type { After, Clock } from '../ports.ts';
import { type HistorySource, watchHistory } from './watch-history.ts';

/** A view of a page: when it began, and the address before it in this document, null at load and at a return. */
export interface PageView {
  readonly at: number;
  readonly previousUrl: string | null;
}

/** What the capture of page views needs of the window. */
export interface PageViewSource extends HistorySource {
  readonly location: Pick<Location, 'href' | 'pathname' | 'search'>;
}

/** Runs by itself; the rest is for the page's own turns. */
export interface PageViewCapture {
  /** Reports a navigation that still waits for its task to end: the page is going. */
  settle(): void;
  /** Reports the page anew: it came back from the back/forward cache. */
  restored(): void;
}

/**
 * Reports the page at once, then each navigation that changes path or query; a replaceState counts only where the path
 * changes, since routers and filters rewrite the address of the page one is on. What one task does to the history is
 * one navigation, at the time it began. Fragments never count.
 */
export function capturePageViews(options: {
  source: PageViewSource;
  clock: Clock;
  after: After;
  onView: (view: PageView) => void;
}): PageViewCapture {
  const { source, clock, after, onView } = options;
  const { location } = source;
  let known = { url: location.href, path: location.pathname, search: location.search };
  let pending: { at: number; isOnlyReplace: boolean } | null = null;

  const settle = () => {
    if (!pending) return;
    const { at, isOnlyReplace } = pending;
    pending = null;
    const previous = known;
    known = { url: location.href, path: location.pathname, search: location.search };
    const isNewPath = known.path !== previous.path;
    const isNewQuery = known.search !== previous.search;
    if (isNewPath || (isNewQuery && !isOnlyReplace)) onView({ at, previousUrl: previous.url });
  };

  watchHistory(source, (kind) => {
    if (!pending) after(0, settle);
    pending = {
      at: pending?.at ?? clock(),
      isOnlyReplace: kind === 'replace' && (pending?.isOnlyReplace ?? true),
    };
  });
  onView({ at: clock(), previousUrl: null });
  return {
    settle,
    restored: () => onView({ at: clock(), previousUrl: null }),
  };
}
