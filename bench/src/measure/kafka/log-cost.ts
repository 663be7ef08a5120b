/** The logs that are measured side by side. */
export const measuredLogs = ['lmdb', 'kafkajs', 'platformatic'] as const;

/** The name of one of them. */
export type MeasuredLog = (typeof measuredLogs)[number];

/** What a process is told that measures one log. */
export interface LogJob {
  readonly log: MeasuredLog;
  /** Of the LMDB log. */
  readonly folder: string;
  /** Of Kafka. */
  readonly bootstrap: string;
  readonly seconds: number;
}

/** What appends of one kind cost. */
export interface AppendCost {
  readonly recordsPerSecond: number;
  /** CPU time of the appending process for a record, in µs. */
  readonly cpuUs: number;
  /** Time from call to answer, in ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What one log costs. */
export interface LogCost {
  readonly alone: AppendCost;
  readonly singles: AppendCost;
  readonly batches: AppendCost;
  readonly readPerSecond: number;
  readonly readCpuUs: number;
  /** Share of a core that a writer and a reader take with nothing to do. */
  readonly idle01: number;
}
