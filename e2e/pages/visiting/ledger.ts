/** What a visitor did, written down by the script that did it, in order. */
export interface Ledger {
  /** Paths of the pages that were shown. */
  readonly pageViews: string[];
  /** Of these, paths that the address bar showed on the way to where a redirect led, and no page. */
  readonly passedThrough: string[];
  /** The element behind each click, as `describe` of a visitor or `toClick` of a row gives it. */
  readonly clicks: string[];
  /** How often each action was played. */
  readonly actions: Map<string, number>;
}

/** Builds an empty ledger. */
export function createLedger(): Ledger {
  return { pageViews: [], passedThrough: [], clicks: [], actions: new Map() };
}
