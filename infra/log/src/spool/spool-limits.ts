/** How long a spooled log waits, and how much it drains at once. */
export interface SpoolLimits {
  /** An append that the log has not answered for so long, at most twice as long, goes to the spool. */
  readonly answerWithinMs: number;
  /** The same of a batch of the drain: more, since one that is given up is drained twice. */
  readonly drainAnswerWithinMs: number;
  readonly maxBatchRecords: number;
  /** Large enough that the pauses between two batches count for little, few enough to be answered in time. */
  readonly maxBatchBytes: number;
  /** Pause after a batch that failed; doubles with each further one, up to `maxPauseMs`. A random part of it is left out. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

/** What holds where nothing is said: newcomers wait 4 s for a log that hangs, less than the server lets an append stall. */
export const spoolLimits: SpoolLimits = {
  answerWithinMs: 2_000,
  drainAnswerWithinMs: 20_000,
  maxBatchRecords: 2_000,
  maxBatchBytes: 4 * 1024 * 1024,
  firstPauseMs: 200,
  maxPauseMs: 5_000,
};
