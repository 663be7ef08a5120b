import { z } from 'zod';

/** Parses a `Tally`. */
export const tallySchema = z.object({
  sent: z.int(),
  refused: z.int(),
  outside: z.int(),
  reasons: z.record(z.string(), z.int()),
});

/** What became of lines: sent and taken, refused and why, or outside of the time that was asked for. */
export type Tally = z.infer<typeof tallySchema>;

/** Gives one that has counted nothing. */
export function createTally(): Tally {
  return { sent: 0, refused: 0, outside: 0, reasons: {} };
}

/** Counts a line that was refused. */
export function countRefused(tally: Tally, code: string): void {
  tally.refused += 1;
  tally.reasons[code] = (tally.reasons[code] ?? 0) + 1;
}
