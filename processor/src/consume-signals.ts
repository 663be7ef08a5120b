/** Ends the loop: `stopping` ends it once the log is empty, `aborted` ends it before the next batch and comes no sooner than `stopping`. */
export interface ConsumeSignals {
  readonly stopping: AbortSignal;
  readonly aborted: AbortSignal;
}
