/** A message to append: `key` decides the partition, so records of one key keep their order. */
export interface AppendRecord {
  readonly key: string;
  readonly payload: Uint8Array;
}

/** Where a record lies. Positions grow by one within a partition, from 0, and are never used again. */
export interface LogPosition {
  readonly partition: number;
  readonly position: number;
}

/** A record as the log gives it back. `payload` is null where its checksum fails. */
export interface LogEntry extends LogPosition {
  readonly payload: Uint8Array | null;
  /** Epoch ms; 0 where the checksum fails. */
  readonly appendedAt: number;
  /** Where the checksum fails: the bytes as they were found, the log's own header before the payload. */
  readonly damaged?: Uint8Array;
  /** Among so many partitions its key's is this one; left out where the log does not tell. */
  readonly partitionCount?: number;
}

/**
 * State of the log. Depth counts records not yet committed; `bytes` are those of the records still
 * kept, which `maxBytes` bounds; ages in ms, 0 where nothing waits.
 */
export interface LogStatus {
  readonly backend: 'memory' | 'lmdb' | 'kafka';
  readonly depth: number;
  readonly oldestAgeMs: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Depth of each partition, by its number as text. */
  readonly lagByPartition: Readonly<Record<string, number>>;
  /** Where there is a spool beside the log; what stands above is then what the log said last. */
  readonly spool?: SpoolStatus;
}

/** State of a spool: `depth`, `bytes` and ages as above, of the records that the log has not got yet. */
export interface SpoolStatus {
  /** Appends go to the spool: the log is away, or the spool not yet drained. */
  readonly isInUse: boolean;
  readonly depth: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly oldestAgeMs: number;
  /** Records that the log refused for themselves, kept beside the spool. */
  readonly setAside: number;
}

/**
 * The durable queue between ingest and processor: the writing side. Once closed, every method but
 * `close` throws `log_unavailable`.
 */
export interface EventLog {
  /**
   * Gives each record's position, in the order given, once all of them are durable (fsynced); null for one
   * that is durable in a spool, and gets its position when that is drained.
   * Calls keep their order: of two records of one key, the one appended first lies first.
   * Throws `log_full` when the size limit or the disk's reserve would be passed,
   * `log_unavailable` when the disk refuses or the broker is away, and `log_refused_records` when the log
   * will never take one of them as it is (too large for a broker): then none of the call's records is kept,
   * unless a broker took them and its answer was lost.
   */
  append(records: readonly AppendRecord[]): Promise<readonly (LogPosition | null)[]>;
  status(): Promise<LogStatus>;
  /** Waits for what is under way, then lets go of the file. A second call does nothing. */
  close(): Promise<void>;
}

/** The reading side: by position, per partition. A partition not in `partitions` is a RangeError. */
export interface LogReader {
  /** Identity of this log, drawn when it was made: positions mean nothing in another. */
  readonly logId: string;
  readonly partitions: readonly number[];
  /** The next position to process; 0 at first. Survives a restart. */
  committed(partition: number): Promise<number>;
  /**
   * Gives durable records from `from` on (from the committed position, where `from` lies below it),
   * ascending without gaps, until a limit is reached; at least one where there is one, and an empty
   * list where there is none. Throws `log_corrupt` when a record is missing, `log_unavailable` when the disk
   * has refused a write in such a way that the log must be opened anew.
   */
  read(partition: number, from: number, limits: { maxRecords: number; maxBytes: number }): Promise<readonly LogEntry[]>;
  /**
   * Marks everything below `next` as processed, durably; what lies below is trimmed away. Never moves
   * back. A `next` past the end is a RangeError; throws `log_unavailable` when the disk refuses.
   */
  commit(partition: number, next: number): Promise<void>;
  /**
   * Ends once a record from `from` on may be read, the signal is aborted, or there is nothing to wait for any more (the log is
   * closed, the generation of a group over): for who found nothing there, in place of asking again and again. It may end though
   * nothing is there. Never throws: what is wrong, the next read says.
   */
  arrived(partition: number, from: number, aborted: AbortSignal): Promise<void>;
}
