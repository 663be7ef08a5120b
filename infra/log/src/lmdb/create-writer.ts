import { AppError } from '@px-platform/runtime';
import type { LogPosition } from '../event-log.ts';
import { RECORD_HEADER_BYTES, writeRecordValue } from '../record-value.ts';
import type { FileRoom } from './file-room.ts';
import type { LmdbFile } from './open-lmdb-file.ts';
import { type PartitionTail, toCommittedKey, toCommittedValue, toRecordKey } from './read-tails.ts';

/** One record on its way into the file. Its payload must not change until it is durable. */
export interface PendingRecord {
  readonly tail: PartitionTail;
  readonly payload: Uint8Array;
  /** Epoch ms. */
  readonly appendedAt: number;
}

/** Writes to the file in the order of the calls. Both reject with `log_unavailable` when the disk refuses. */
export interface LmdbWriter {
  append(records: readonly PendingRecord[]): Promise<readonly LogPosition[]>;
  commit(tail: PartitionTail, next: number): Promise<void>;
  /** Throws `log_unavailable` where a write has failed in such a way that the file can't be used until it is opened anew. */
  refuseWhenBroken(): void;
  /** Stored bytes of the records on their way. */
  pendingBytes(): number;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
}

interface Job {
  readonly records: readonly PendingRecord[];
  readonly commit: { readonly tail: PartitionTail; readonly next: number } | null;
  readonly resolve: (positions: readonly LogPosition[]) => void;
  readonly reject: (error: AppError) => void;
}

/** Records trimmed in one transaction: enough to keep up, few enough not to hold up appends. */
const MAX_TRIMMED_RECORDS = 5_000;

/** A disk that refused is asked again that late: at each request it would only be kept busy. */
const REFUSED_PAUSE_MS = 500;

/**
 * Builds the only writer of a file, which alone changes `tails`. While one transaction is synced,
 * calls gather, and go as one transaction afterwards (group commit). As only one is ever under way, a
 * transaction that fails leaves nothing behind: the next one gives its positions out again, without
 * a gap, and a reader bounded by `tails` has seen none of them. After a failure all is refused for `refusedPauseMs`.
 */
export function createWriter(
  file: LmdbFile,
  room: FileRoom,
  tails: readonly PartitionTail[],
  timeFlush: () => () => void = () => () => undefined,
  refusedPauseMs = REFUSED_PAUSE_MS,
): LmdbWriter {
  let waiting: Job[] = [];
  let running: Promise<void> | null = null;
  let pendingBytes = 0;
  /** `performance.now()` until which no write is tried. */
  let triesAgainAt = Number.NEGATIVE_INFINITY;
  /** Why the last transaction failed. */
  let lastCause: unknown;
  /** Whether a transaction failed of which it is not known yet what it left behind. */
  let isSuspect = false;
  let broken: AppError | null = null;

  function enqueue(records: Job['records'], commit: Job['commit']): Promise<readonly LogPosition[]> {
    pendingBytes += toSize(records);
    return new Promise((resolve, reject) => {
      waiting.push({ records, commit, resolve, reject });
      running ??= run();
    });
  }

  async function run(): Promise<void> {
    let isWritten: boolean;
    do {
      // Until the end of the event turn, so that the calls of one turn share a transaction.
      await new Promise(setImmediate);
      const jobs = waiting;
      waiting = [];
      isWritten = await write(jobs);
    } while (waiting.length > 0 || (isWritten && tails.some((tail) => tail.first < tail.committed)));
    running = null;
  }

  async function write(jobs: readonly Job[]): Promise<boolean> {
    const after = planSteps(tails, jobs);
    const given: LogPosition[][] = [];
    // One block for all values: lmdb asks for the address of each ArrayBuffer it meets, which is dear.
    const bytes = jobs.reduce((sum, { records }) => sum + toSize(records), 0);
    const block = { bytes: Buffer.allocUnsafeSlow(bytes), used: 0 };
    const endTimer = timeFlush();
    try {
      refuseWhenBroken();
      if (performance.now() < triesAgainAt) throw lastCause;
      await commitToFile(bytes, () => {
        for (const job of jobs) given.push(putRecords(file, after, job.records, block));
        for (const step of after) putCommit(file, step);
      });
    } catch (cause) {
      const message = `Writing to the log ${file.path} failed, nothing of it is kept. Check the disk's health and room.`;
      for (const job of jobs) job.reject(new AppError('log_unavailable', message, { cause }));
      return false;
    } finally {
      endTimer();
      pendingBytes -= bytes;
    }
    for (const step of after) settleTail(step);
    for (const [index, { resolve }] of jobs.entries()) resolve(given[index] ?? []);
    return true;
  }

  /** Writes, or throws why the disk refused. */
  async function commitToFile(bytes: number, put: () => void): Promise<void> {
    try {
      await room.make(bytes);
    } catch (refused) {
      throw pauseFor(refused);
    }
    try {
      await file.db.batch(put);
    } catch (thrown) {
      isSuspect = true;
      throw pauseFor(await toCause(thrown));
    }
  }

  function pauseFor(cause: unknown): unknown {
    room.distrust();
    triesAgainAt = performance.now() + refusedPauseMs;
    lastCause = cause;
    return cause;
  }

  /**
   * After a meta page that the disk refused, LMDB wants to be opened anew (MDB_PANIC): `batch` would never answer, and reads
   * find nothing. Asked once a failure, with an empty transaction; no other is under way after one has failed. It is not
   * opened anew here: tried, that ended the process within lmdb's own memory.
   */
  function refuseWhenBroken(): void {
    if (isSuspect) {
      isSuspect = false;
      try {
        file.db.transactionSync(() => undefined);
      } catch (cause) {
        const message = `The log ${file.path} takes no more writes since one failed. Check the disk, then start the process again.`;
        broken = new AppError('log_unavailable', message, { cause });
      }
    }
    if (broken !== null) throw broken;
  }

  return {
    refuseWhenBroken,
    append: (records) => enqueue(records, null),
    commit: async (tail, next) => {
      await enqueue([], { tail, next });
    },
    pendingBytes: () => pendingBytes,
    idle: async () => {
      while (running !== null) await running;
    },
  };
}

/** What one transaction makes of a partition: taken over into `tail` once it is durable. */
interface Step {
  readonly tail: PartitionTail;
  readonly committed: number;
  readonly first: number;
  readonly added: number[];
}

function planSteps(tails: readonly PartitionTail[], jobs: readonly Job[]): Step[] {
  const committed = tails.map((tail) => tail.committed);
  for (const { commit } of jobs) {
    if (commit === null) continue;
    const { partition } = commit.tail;
    committed[partition] = Math.max(committed[partition] ?? 0, commit.next);
  }
  return tails.map((tail, partition) => {
    const end = committed[partition] ?? 0;
    return { tail, committed: end, first: Math.min(end, tail.first + MAX_TRIMMED_RECORDS), added: [] };
  });
}

function putRecords(
  file: LmdbFile,
  steps: readonly Step[],
  records: readonly PendingRecord[],
  block: { readonly bytes: Buffer; used: number },
): LogPosition[] {
  return records.map(({ tail, payload, appendedAt }) => {
    const { partition } = tail;
    const added = steps[partition]?.added ?? [];
    const position = tail.next + added.length;
    const value = writeRecordValue(block.bytes, block.used, payload, appendedAt);
    block.used += value.length;
    added.push(value.length);
    file.db.put(toRecordKey(partition, position), value);
    return { partition, position };
  });
}

function putCommit(file: LmdbFile, { tail, committed, first }: Step): void {
  if (committed > tail.committed) file.db.put(toCommittedKey(tail.partition), toCommittedValue(committed));
  for (let position = tail.first; position < first; position++) file.db.remove(toRecordKey(tail.partition, position));
}

function settleTail({ tail, committed, first, added }: Step): void {
  for (const bytes of added) {
    tail.sizes.push(bytes);
    tail.bytes += bytes;
  }
  // Splicing walks the whole array, even to take nothing out.
  const trimmed = first > tail.first ? tail.sizes.splice(0, first - tail.first) : [];
  for (const bytes of trimmed) tail.bytes -= bytes;
  tail.next += added.length;
  tail.committed = committed;
  tail.first = first;
}

function toSize(records: readonly PendingRecord[]): number {
  return records.reduce((sum, { payload }) => sum + payload.length + RECORD_HEADER_BYTES, 0);
}

// lmdb gives the reason in a second promise; left alone, its rejection would end the process.
async function toCause(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !('commitError' in thrown)) return thrown;
  try {
    await thrown.commitError;
    return thrown;
  } catch (reason) {
    return reason;
  }
}
