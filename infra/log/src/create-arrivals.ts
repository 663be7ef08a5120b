import { untilAborted } from './until-aborted.ts';

/** Who waits at the end of a partition, and how they hear that it has moved. Costs nothing while nobody waits. */
export interface Arrivals {
  /** Ends once `isOver` holds, which is asked now and whenever the partition is told of, or the signal is aborted. */
  wait(partition: number, isOver: () => boolean, aborted: AbortSignal): Promise<void>;
  /** To be called once what came may be read. */
  tell(partition: number): void;
  /** For what concerns every partition: a close, a failure. */
  tellAll(): void;
}

/** Builds the list of those who wait, which begins empty. It has no timers. */
export function createArrivals(): Arrivals {
  const changes = new Map<number, PromiseWithResolvers<void>>();

  function changeOf(partition: number): Promise<void> {
    const change = changes.get(partition) ?? Promise.withResolvers<void>();
    changes.set(partition, change);
    return change.promise;
  }
  function tell(partition: number): void {
    changes.get(partition)?.resolve();
    changes.delete(partition);
  }

  return {
    async wait(partition, isOver, aborted) {
      while (!aborted.aborted && !isOver()) await untilAborted(changeOf(partition), aborted);
    },
    tell,
    tellAll() {
      for (const partition of [...changes.keys()]) tell(partition);
    },
  };
}
