/**
 * Gives what `run` gives; where it throws, tells `otherwise` and gives undefined: for what a page or a browser may deny,
 * break or redefine.
 */
export function attempt<T>(run: () => T, otherwise?: (error: unknown) => void): T | undefined {
  try {
    return run();
  } catch (error) {
    return void otherwise?.(error);
  }
}
