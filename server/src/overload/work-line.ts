/** Where requests whose bodies have come stand until there is time to work on them. */
export interface WorkLine {
  /** Gives null where work may begin now, else a promise for the moment when it may. */
  enter(): Promise<void> | null;
  /** How long the first has waited, in ms; 0 where the line is short, since clients that wait for their answers make no more. */
  ageMs(): number;
}

/** Work is begun at once for so long in one turn of the event loop; what comes later in the turn stands in line. */
const sliceMs = 5;
/** So many of the line are worked on in one turn; then what came in meanwhile is read, refused or answered. */
const perTurn = 4;
/** A line this short is never too old. */
const minLength = 64;

interface Waiting {
  readonly begin: () => void;
  readonly since: number;
}

/**
 * Builds the line. Without it, one turn of the event loop works off all that has come before it looks at the sockets
 * again, and what is to be refused waits as long as what is not. `stopwatch` gives ms; `onWaited` hears how long
 * each stood in line.
 */
export function createWorkLine(stopwatch: () => number, onWaited: (ms: number) => void): WorkLine {
  let line: Waiting[] = [];
  /** Of the line, so many have begun: an array's `shift` moves all that stand behind. */
  let begun = 0;
  let sliceEndsAt: number | null = null;
  let lanes = 0;

  const length = (): number => line.length - begun;

  function beginNext(): void {
    const next = line[begun];
    lanes -= 1;
    if (next === undefined) return;
    begun += 1;
    if (begun === line.length || begun > 1_000) {
      line = line.slice(begun);
      begun = 0;
    }
    onWaited(stopwatch() - next.since);
    next.begin();
    openLanes();
  }

  /** What an immediate schedules runs in the next turn; node finishes what a callback has begun before it calls the next. */
  function openLanes(): void {
    for (; lanes < Math.min(perTurn, length()); lanes += 1) setImmediate(beginNext);
  }

  function endSlice(): void {
    sliceEndsAt = null;
  }

  return {
    enter() {
      const now = stopwatch();
      if (sliceEndsAt === null) {
        sliceEndsAt = now + sliceMs;
        setImmediate(endSlice);
      }
      if (length() === 0 && now < sliceEndsAt) return null;
      return new Promise((begin) => {
        line.push({ begin, since: now });
        openLanes();
      });
    },
    ageMs() {
      const first = line[begun];
      return first === undefined || length() < minLength ? 0 : stopwatch() - first.since;
    },
  };
}
