let beganAt = Date.now() - performance.now();
let calledAt = 0;

/** Gives the time of the call at hand, in epoch ms with a fraction. */
export function now(): number {
  return calledAt || beganAt + performance.now();
}

/**
 * Sets the clock by the device's. From then on it counts by `performance.now`, whatever happens to the device's; that one
 * stands still while some devices sleep, so it is set again at times.
 */
export function setClock(): void {
  beganAt = Date.now() - performance.now();
}

/** Runs a call that was made at another time (epoch ms). */
export function runAt(at: number, run: () => void): void {
  calledAt = at;
  run();
  calledAt = 0;
}
