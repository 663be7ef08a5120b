/** Runs something once, in ms from now; the answer goes to `clearTimeout`. What is run never throws. */
export type After = (ms: number, run: () => void) => number;

/** Gives epoch milliseconds. */
export type Clock = () => number;

/** Counts what happened under a name; `detail` is for the developer's eyes only. Never throws. */
export type Count = (name: string, times?: number, detail?: unknown) => void;

/** Gives the same function, which never throws into its caller; a failure counts as `sdk_error`. */
export type Guard = <A extends unknown[]>(run: (...args: A) => void) => (...args: A) => void;

/** Hears the page's events of these types (words apart) first, passively, whatever the page made of its own methods. */
export type Listen = (
  target: EventTarget,
  types: string,
  run: (event: MouseEvent & PageTransitionEvent) => void,
) => void;

/** What every part of one SDK instance stands on. */
export interface Ground {
  /** The time of the call at hand. */
  readonly now: Clock;
  readonly newId: () => string;
  readonly after: After;
  readonly count: Count;
  readonly listen: Listen;
}
