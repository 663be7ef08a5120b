import type { LogEntry } from '../event-log.ts';

/** A partition that holds more fetches no further until a reader has gone on. */
const maxBytes = 4 * 1024 * 1024;
const maxEntries = 20_000;

/** What was fetched of one partition and not read past yet. */
export interface PartitionBuffer {
  /** The position that the next fetch must begin at; what begins elsewhere was asked for before a seek. */
  next(): number;
  /** Takes what a fetch from `from` gave; false where it does not go on where the last one ended, and was left out. */
  add(fetch: { readonly from: number; readonly next: number; readonly entries: readonly LogEntry[] }): boolean;
  /** The next fetch begins at `position`, further on: what lies before it is not there. */
  skip(position: number): void;
  /** Gives what is here from `from` on, up to the limits and at least one, and forgets what lies below; none where `from` is not here. */
  take(from: number, limits: { maxRecords: number; maxBytes: number }): readonly LogEntry[];
  /** Whether records from `from` on are here, or come with the next fetches. */
  covers(from: number): boolean;
  /** Whether a record from `from` on is here. */
  holds(from: number): boolean;
  /** Forgets all; the next fetch begins at `from`. */
  seek(from: number): void;
  /** Ends with the next fetch that is taken, a seek, or a call of `wake`. */
  changed(): Promise<void>;
  wake(): void;
}

/** Builds the buffer of a partition that is fetched from `start` on; it pauses and resumes the fetching as it fills and empties. */
export function createPartitionBuffer(
  start: number,
  fetching: { readonly pause: () => void; readonly resume: () => void; readonly seek: (position: number) => void },
): PartitionBuffer {
  let entries: LogEntry[] = [];
  let bytes = 0;
  let floor = start;
  let next = start;
  let isPaused = false;
  let change = Promise.withResolvers<void>();

  function tellChange(): void {
    change.resolve();
    change = Promise.withResolvers<void>();
  }

  function holdBack(): void {
    const isFull = bytes >= maxBytes || entries.length >= maxEntries;
    if (isFull && !isPaused) {
      isPaused = true;
      fetching.pause();
    } else if (isPaused && bytes <= maxBytes / 2 && entries.length <= maxEntries / 2) {
      isPaused = false;
      fetching.resume();
    }
  }

  return {
    next: () => next,
    add(fetch) {
      if (fetch.from !== next) return false;
      for (const entry of fetch.entries) {
        // A fetch gives whole batches: the first may begin below what was asked for.
        if (entry.position < next) continue;
        entries.push(entry);
        bytes += toBytes(entry);
      }
      next = Math.max(next, fetch.next);
      holdBack();
      tellChange();
      return true;
    },
    skip(position) {
      next = Math.max(next, position);
    },
    take(from, limits) {
      if (from < floor || from > next) return [];
      const below = entries.findIndex(({ position }) => position >= from);
      const gone = entries.splice(0, below === -1 ? entries.length : below);
      for (const entry of gone) bytes -= toBytes(entry);
      floor = from;
      holdBack();
      let [count, taken] = [0, 0];
      for (const entry of entries) {
        taken += entry.payload?.length ?? 0;
        if (count > 0 && (count >= limits.maxRecords || taken > limits.maxBytes)) break;
        count += 1;
      }
      return entries.slice(0, count);
    },
    holds: (from) => entries.some(({ position }) => position >= from),
    covers: (from) => from >= floor && from <= next,
    seek(from) {
      entries = [];
      bytes = 0;
      floor = from;
      next = from;
      fetching.seek(from);
      holdBack();
      tellChange();
    },
    changed: () => change.promise,
    wake: tellChange,
  };
}

function toBytes({ payload, damaged }: LogEntry): number {
  return (payload ?? damaged)?.length ?? 0;
}
