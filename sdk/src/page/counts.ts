import type { Count, Guard } from '../ports.ts';

/** What happened on this page, by name. */
export interface Counts {
  readonly count: Count;
  readonly guard: Guard;
  /** A copy of the counts so far. */
  read(): Record<string, number>;
  /** From now on each count is told here too; what it throws is swallowed. */
  tell(listener: (message: string, detail?: unknown) => void): void;
}

/** Builds the counts of one page, and the guard that keeps every failure in them. Never throws. */
export function createCounts(): Counts {
  const counts: Record<string, number> = {};
  let listener: ((message: string, detail?: unknown) => void) | null = null;

  const count: Count = (name, times = 1, detail) => {
    counts[name] = (counts[name] ?? 0) + times;
    try {
      listener?.(`px: ${name}`, detail ?? times);
    } catch {
      // The listener belongs to the page: its failure is not ours to spread.
    }
  };
  return {
    count,
    guard:
      (run) =>
      (...args) => {
        try {
          run(...args);
        } catch (error) {
          count('sdk_error', 1, error);
        }
      },
    read: () => ({ ...counts }),
    tell: (next) => {
      listener = next;
    },
  };
}
