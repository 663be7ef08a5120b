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
  /** Epoch ms. */
  readonly appendedAt: number;
}

/** State of the log. Depth counts records not yet committed; sizes in bytes, ages in ms. */
export interface LogStatus {
  readonly backend: 'memory' | 'lmdb' | 'kafka';
  readonly depth: number;
  readonly oldestAgeMs: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly lagByPartition: Readonly<Record<string, number>>;
}

/** The durable queue between ingest and processor: the writing side. */
export interface EventLog {
  /**
   * Gives each record's position, in the order given, once all of them are durable (fsynced).
   * Throws `log_full` when the size limit or the disk's reserve would be passed: then none is kept.
   */
  append(records: readonly AppendRecord[]): Promise<readonly LogPosition[]>;
  status(): Promise<LogStatus>;
  close(): Promise<void>;
}

/** The reading side: by position, per partition. */
export interface LogReader {
  /** Identity of this log, made when it was made: positions mean nothing in another. */
  readonly logId: string;
  readonly partitions: readonly number[];
  /** The next position to process; 0 at first. Survives a restart. */
  committed(partition: number): Promise<number>;
  /**
   * Gives records from `from` on, ascending without gaps, until a limit is reached; at least one
   * where there is one, and an empty list where there is none.
   */
  read(partition: number, from: number, limits: { maxRecords: number; maxBytes: number }): Promise<readonly LogEntry[]>;
  /** Marks everything below `next` as processed, durably; what lies below may be trimmed away. Never moves back. */
  commit(partition: number, next: number): Promise<void>;
}
