import type { DeadLetter } from '@px-platform/schemas';

/** Which letters: of one project or of all (null), whose record came in `from` <= t < `to` (epoch ms). */
export interface LetterRange {
  readonly projectId: string | null;
  readonly from: number;
  readonly to: number;
}

/** Letters, the longest stored first. */
export interface LetterPage {
  readonly letters: readonly DeadLetter[];
  /** Asks for the next page; null where this is the last one. */
  readonly cursor: string | null;
  /** How many letters stand behind this page. */
  readonly left: number;
}

/** The dead letters as a replay needs them. Each method throws `store_unavailable`. */
export interface DeadLetterStore {
  /**
   * Gives a page of at most `limit` letters and about 8 MiB, after `cursor`. What is stored after the first page was asked
   * for is in none: a letter that is replayed and fails again is not met again.
   */
  page(range: LetterRange, cursor: string | null, limit: number): Promise<LetterPage>;
  /** Takes letters away; those that are gone already are no error. */
  remove(letters: readonly DeadLetter[]): Promise<void>;
}
