/** Gives what `run` gives, or undefined where it throws: for what a page or a browser may deny, break or redefine. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
