/** Gives the present as epoch ms. Passed in as an argument, so that tests set time. */
export type Clock = () => number;

/** The machine's clock. */
export const systemClock: Clock = () => Date.now();

/** The machine's clock, set forward by `offsetMs` (back where it is negative). */
export function offsetClock(offsetMs: number): Clock {
  return () => Date.now() + offsetMs;
}
