import type { EventRow } from '@px-platform/schemas';

/** A step, told by what fits it. */
export type Fits = (row: EventRow) => boolean;

/** How far one person comes: `times[n]` is the time to step n, null where they don't reach it; `first` their first step. */
export interface Reached {
  readonly person: string;
  readonly times: (number | null)[];
  readonly first: EventRow;
}

/**
 * Tries from each first step of a person how far it leads, always by the next event that fits. Of the chains that reach a step at
 * the earliest event, the one that began last tells the time.
 */
export function referFunnel(rows: readonly EventRow[], steps: readonly Fits[], windowMs: number): Reached[] {
  return [...Map.groupBy(rows, (row) => row.person_key)].flatMap(([person, all]) => {
    const own = inStepOrder(all, steps);
    const [first] = own
      .filter((row) => steps[0]?.(row))
      .toSorted((a, b) => a.timestamp - b.timestamp || (a.event_id < b.event_id ? -1 : 1));
    if (first === undefined) return [];
    const chains = own.flatMap((row, at) => (steps[0]?.(row) ? [walk(own, steps, windowMs, at)] : []));
    const times = steps.map((_, step) => {
      const reaching = chains.filter((chain) => chain[step] !== undefined);
      const end = Math.min(...reaching.map((chain) => chain[step] ?? 0));
      const start = Math.max(...reaching.filter((chain) => chain[step] === end).map((chain) => chain[0] ?? 0));
      return reaching.length === 0 ? null : (own[end]?.timestamp ?? 0) - (own[start]?.timestamp ?? 0);
    });
    return [{ person, times, first }];
  });
}

/** Places of the events that are the steps, as far as they go. */
function walk(own: readonly EventRow[], steps: readonly Fits[], windowMs: number, start: number): number[] {
  const chain = [start];
  const end = (own[start]?.timestamp ?? 0) + windowMs;
  for (const fits of steps.slice(1)) {
    const next = own.findIndex((row, at) => at > (chain.at(-1) ?? 0) && row.timestamp <= end && fits(row));
    if (next === -1) break;
    chain.push(next);
  }
  return chain;
}

/** By time; within one millisecond by the first step that an event fits, then those that fit fewer and earlier ones. */
function inStepOrder(rows: readonly EventRow[], steps: readonly Fits[]): EventRow[] {
  const fitting = (row: EventRow): number[] => steps.flatMap((fits, at) => (fits(row) ? [at] : []));
  const weigh = (row: EventRow): number => fitting(row).reduce((sum, at) => sum + 2 ** at, 0);
  return rows
    .filter((row) => fitting(row).length > 0)
    .toSorted(
      (a, b) => a.timestamp - b.timestamp || (fitting(a)[0] ?? 0) - (fitting(b)[0] ?? 0) || weigh(a) - weigh(b),
    );
}

/** The middle one, of an even count the upper of two. */
export function toMedian(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
