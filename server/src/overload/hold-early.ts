/** Holds back refusals to clients that ask again too early. */
export interface EarlyHold {
  /** Calls `answer`: at once, or after a second where the last refusal on this connection is not a second old. */
  whenDue(connection: object, answer: () => void): void;
}

/** The least that `Retry-After` asks for. */
const holdForMs = 1_000;

/**
 * Builds the hold. To refuse costs a half of what it costs to take a single event: a client that is told to come back later
 * and sends its next request at once would have the server do little but refuse. It waits for its next refusal, and with it,
 * since a connection has one request under way, for all that it would send. A first refusal is never held, nor is what is
 * let in. At most `maxHeld` wait, which bounds their memory; once `stopping` is aborted, none does. `stopwatch` gives ms.
 * Source: docs/adr/0038-who-asks-again-at-once-waits.md.
 */
export function createEarlyHold(deps: {
  readonly stopwatch: () => number;
  readonly maxHeld: number;
  readonly stopping: AbortSignal;
}): EarlyHold {
  const { stopwatch, maxHeld, stopping } = deps;
  const refusedAt = new WeakMap<object, number>();
  const held = new Set<() => void>();
  stopping.addEventListener('abort', () => {
    for (const end of held) end();
  });

  return {
    whenDue(connection, answer) {
      const lastAt = refusedAt.get(connection) ?? Number.NEGATIVE_INFINITY;
      if (stopwatch() - lastAt >= holdForMs || held.size >= maxHeld || stopping.aborted) {
        answerNow();
        return;
      }
      const timer = setTimeout(end, holdForMs);
      held.add(end);

      function end(): void {
        clearTimeout(timer);
        held.delete(end);
        answerNow();
      }
      function answerNow(): void {
        refusedAt.set(connection, stopwatch());
        answer();
      }
    },
  };
}
