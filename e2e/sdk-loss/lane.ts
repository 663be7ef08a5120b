/** Runs a task when its turn comes, and gives what it gives. */
export type Lane = <T>(task: () => Promise<T>) => Promise<T>;

/** Builds a lane that runs at most `width` tasks side by side, in the order in which they were asked for. */
export function createLane(width: number): Lane {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // Whoever waits takes over the place.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
