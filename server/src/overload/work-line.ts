/** Where requests whose bodies have come stand until there is time to work on them. */
export interface WorkLine {
  /** Gives null where work may begin now, else a promise for the moment when it may. */
  enter(): Promise<void> | null;
  /** How long the first has waited, in ms; 0 where the line is short, since clients that wait for their answers make no more. */
  ageMs(): number;
}

/** Work is begun at once for so long in one turn of the event loop; what comes later in the turn stands in line. */
const sliceMs = 5;
/** Of a turn that left some standing, the line gets as long as all else took before, but no longer: refusals wait for it. */
const maxSliceMs = 10;
/** A line this short is never too old. */
const minLength = 64;

interface Waiting {
  readonly begin: () => void;
  readonly since: number;
}

/**
 * Builds the line. Without it, one turn of the event loop works off all that has come before it looks at the sockets
 * again, and what is to be refused waits as long as what is not; were it given less than its share, refusing would take
 * all the time that there is. `stopwatch` gives ms; `onWaited` hears how long each stood in line.
 */
export function createWorkLine(stopwatch: () => number, onWaited: (ms: number) => void): WorkLine {
  let line: Waiting[] = [];
  /** Of the line, so many have begun: an array's `shift` moves all that stand behind. */
  let begun = 0;
  let atOnceUntil: number | null = null;
  let isPlanned = false;
  /** When the slice before this one ended, and left some standing. */
  let leftAt: number | null = null;

  const length = (): number => line.length - begun;

  function planSlice(): void {
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(beginSlice);
  }

  function beginSlice(): void {
    const now = stopwatch();
    const otherMs = leftAt === null ? 0 : now - leftAt;
    workUntil(now + Math.min(maxSliceMs, Math.max(sliceMs, otherMs)));
  }

  /** What a promise's resolution sets off runs before the next microtask of ours, as far as it goes without waiting. */
  function workUntil(endsAt: number): void {
    const next = line[begun];
    if (next === undefined || stopwatch() >= endsAt) {
      endSlice();
      return;
    }
    begun += 1;
    if (begun === line.length || begun > 1_000) {
      line = line.slice(begun);
      begun = 0;
    }
    onWaited(stopwatch() - next.since);
    next.begin();
    queueMicrotask(() => workUntil(endsAt));
  }

  function endSlice(): void {
    isPlanned = false;
    leftAt = length() === 0 ? null : stopwatch();
    if (leftAt !== null) planSlice();
  }

  function endAtOnce(): void {
    atOnceUntil = null;
  }

  return {
    enter() {
      const now = stopwatch();
      if (atOnceUntil === null) {
        atOnceUntil = now + sliceMs;
        setImmediate(endAtOnce);
      }
      if (length() === 0 && now < atOnceUntil) return null;
      return new Promise((begin) => {
        line.push({ begin, since: now });
        planSlice();
      });
    },
    ageMs() {
      const first = line[begun];
      return first === undefined || length() < minLength ? 0 : stopwatch() - first.since;
    },
  };
}
