/** Browsers that are lent to one play at a time: a start costs more than most plays. */
export interface Pool<T> {
  /** Gives one that nobody uses, or opens another. */
  take(): Promise<T>;
  /** Takes it back, clean. What is not given back is closed with the rest. */
  give(one: T): void;
  close(): Promise<void>;
}

/** Builds a pool, empty at first. */
export function createPool<T extends { close(): Promise<void> }>(open: () => Promise<T>): Pool<T> {
  const all = new Set<T>();
  const idle: T[] = [];
  return {
    take: async () => {
      const one = idle.pop() ?? (await open());
      all.add(one);
      return one;
    },
    give: (one) => void idle.push(one),
    close: async () => {
      for (const one of all) await one.close();
    },
  };
}
