/** Who is told of what a spool does. Methods never throw. */
export interface SpoolTelemetry {
  /** The log is away: appends go to the spool from now on. */
  left(lost: { readonly cause: unknown }): void;
  /** The spool is drained: appends go to the log again. */
  returned(): void;
  /** Records that are durable in the spool now; bytes of their payloads. */
  spooled(append: { readonly records: number; readonly bytes: number }): void;
  /** Records of the spool that the log has taken; `seconds` for its answer. */
  drained(batch: { readonly records: number; readonly bytes: number; readonly seconds: number }): void;
  /** A batch that the log did not take, or that could not be read or trimmed: it is tried again. */
  drainFailed(failure: { readonly error: unknown }): void;
  /** A record that the log refuses for itself: kept beside the spool, not in the log. */
  setAside(record: { readonly bytes: number; readonly error: unknown }): void;
  /** A record whose checksum fails: its bytes go to the log as they are, for the processor's dead letters. */
  damaged(record: { readonly position: number; readonly bytes: number }): void;
}
