import type { LogReader } from './event-log.ts';

/**
 * The reading side of a member of a group, for the partitions that it holds in one generation. Once they are revoked, each
 * call throws `log_revoked`.
 */
export interface GroupReader extends LogReader {
  /** How many partitions the log has in this generation, those of other members with them. */
  readonly partitionCount: number;
  /**
   * Notes durably, beside the committed position, that the records from there up to `end` (exclusive) are about to be stored
   * as one batch; `commit` takes the note away. Throws `log_revoked` where the group has gone on without this member, though it
   * may not know of it yet: then nothing may be stored.
   */
  plan(partition: number, end: number): Promise<void>;
  /** Gives the end of the batch that was planned and not committed, whoever planned it; null where there is none. */
  planned(partition: number): Promise<number | null>;
}

/** A member of the group of processors that share the partitions of a log. */
export interface LogGroup {
  /** Joins, and stays a member until `leave`: a lost connection is made anew. Resolves once it has begun to join. */
  join(member: LogMember): Promise<void>;
  /** Gives its partitions back and leaves; others take them over at once. */
  leave(): Promise<void>;
}

/** Who is told of its partitions. */
export interface LogMember {
  /** Called at each generation, after `revoked` of the one before has ended; `reader.partitions` may be none. */
  assigned(reader: GroupReader): void;
  /** The generation is over: each call of its reader throws now. What it returns is awaited, for a bounded time. */
  revoked(): Promise<void>;
  /** The group can't go on (the topic is gone, the credentials are refused): the process should end. */
  failed(error: unknown): void;
}
