/** Gives epoch milliseconds. */
export type Clock = () => number;

/** Gives a number in [0, 1). */
export type Random = () => number;

/** Gives a new UUID at each call. */
export type NewId = () => string;

/** Runs something once, in ms from now; the answer cancels it. What is run never throws. */
export type After = (ms: number, run: () => void) => () => void;

/** Counts what happened under a name; `detail` is for the developer's eyes only. Never throws. */
export type Count = (name: string, times?: number, detail?: unknown) => void;

/** Gives the same function, which never throws into its caller; a failure counts as `sdk_error`. */
export type Guard = <A extends unknown[]>(run: (...args: A) => void) => (...args: A) => void;
