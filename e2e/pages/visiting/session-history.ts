/** What a visitor does to the address bar. */
export type Move =
  /** Loads a page: a link without a router, a typed address. */
  | { readonly kind: 'open'; readonly to: URL }
  /** Loads the page anew at its place: the reload button. */
  | { readonly kind: 'reload' }
  /** Goes on inside the page, by a router or to a fragment; to where one is already it adds nothing. */
  | { readonly kind: 'push'; readonly to: URL }
  /** Changes the address in place, by a router or behind its back. */
  | { readonly kind: 'replace' | 'rewrite'; readonly to: URL }
  /** Back (below 0) or forward. */
  | { readonly kind: 'traverse'; readonly by: number };

/** What must come of a move. */
export interface Outcome {
  readonly url: URL;
  /** Whether a document is loaded, or brought back, rather than the same one changed. */
  readonly isLoad: boolean;
  /** Whether a person would say that another page is shown: a load, or another path. */
  readonly isView: boolean;
}

/** The entries of one tab, kept by what was done to it and not by asking the browser. */
export interface SessionHistory {
  readonly url: () => URL;
  /** Whether a move by so many entries stays on this site. */
  readonly canTraverse: (by: number) => boolean;
  readonly apply: (move: Move) => Outcome;
}

interface Entry {
  readonly url: URL;
  /** Entries of one document are walked without a load. */
  readonly document: number;
}

/**
 * Builds the history of a tab that was opened at `first`. `seesRewrites` tells whether the site's router knows the
 * addresses that were written beside it: one that does not replaces the entry when it is sent to where it thinks it is.
 */
export function createSessionHistory(first: URL, seesRewrites: boolean): SessionHistory {
  let entries: Entry[] = [{ url: first, document: 0 }];
  let at = 0;
  let documents = 0;
  let rendered = first.href;
  const here = (): Entry => entries[at] ?? { url: first, document: 0 };

  const put = (entry: Entry, place: number): void => {
    entries = [...entries.slice(0, place), entry, ...(place === at ? entries.slice(place + 1) : [])];
    at = place;
  };
  const change = (move: Move): boolean => {
    const { url, document } = here();
    if (move.kind === 'reload') return true;
    if (move.kind === 'open') {
      documents += 1;
      put({ url: move.to, document: documents }, move.to.href === url.href ? at : at + 1);
      return true;
    }
    if (move.kind === 'push') {
      const known = seesRewrites ? url.href : rendered;
      put({ url: move.to, document }, move.to.href === known ? at : at + 1);
      return false;
    }
    if (move.kind !== 'traverse') {
      put({ url: move.to, document }, at);
      return false;
    }
    at += move.by;
    return here().document !== document;
  };

  return {
    url: () => here().url,
    canTraverse: (by) => entries[at + by]?.url.origin === first.origin,
    apply: (move) => {
      const before = here().url;
      const isLoad = change(move);
      const { url } = here();
      if (move.kind !== 'rewrite') rendered = url.href;
      return { url, isLoad, isView: url.origin === first.origin && (isLoad || url.pathname !== before.pathname) };
    },
  };
}
