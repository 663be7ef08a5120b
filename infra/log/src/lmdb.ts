import { AppError, type Clock } from '@px-platform/runtime';
import { createArrivals } from './create-arrivals.ts';
import { createDiskReserve } from './disk-reserve.ts';
import type { EventLog, LogEntry, LogReader } from './event-log.ts';
import { createWriter } from './lmdb/create-writer.ts';
import { openFileRoom } from './lmdb/file-room.ts';
import { type LmdbFile, openLmdbFile, toCorrupt } from './lmdb/open-lmdb-file.ts';
import { readLogId } from './lmdb/read-log-id.ts';
import { type PartitionTail, readTails, toRecordKey } from './lmdb/read-tails.ts';
import { toPartition } from './partition.ts';
import { parseRecordValue, RECORD_HEADER_BYTES } from './record-value.ts';

/** Where the LMDB log lies and how large it may grow. */
export interface LmdbLogOptions {
  /** The file; its folder is made. One process at a time. */
  readonly path: string;
  /** How many partitions new records are spread over. Those of an earlier, larger setting are still read. */
  readonly partitions: number;
  /** Bound of the records kept: payloads and 12 bytes each. The file may take about twice as much. */
  readonly maxBytes: number;
  /** Free bytes that the disk keeps: below, appends are refused. */
  readonly minFreeBytes: number;
  readonly clock: Clock;
  /** Called as a transaction begins; what it gives is called once that is written and synced, or has failed. */
  readonly timeFlush?: () => () => void;
  /** How long nothing is written after a write that the disk refused, ms; 500 unless told. */
  readonly refusedPauseMs?: number;
}

/**
 * Opens the durable log in one LMDB file. An append resolves after fdatasync, and appends that come
 * while the disk is busy share the next one. What is committed is trimmed and its pages are used again.
 * Throws `log_corrupt` for a damaged file and `data_dir_unusable` where it cannot be made or read.
 */
export function openLmdbLog(options: LmdbLogOptions): EventLog & LogReader {
  const { path, maxBytes, minFreeBytes, clock } = options;
  // Address space, not disk: pages are half full at worst, and a transaction needs room to copy.
  const mapBytes = maxBytes * 4 + 2 ** 30;
  const file = openLmdbFile(path, mapBytes);
  const { tails, logId } = readStanding(file, options);
  const room = openFileRoom(path, mapBytes);
  const writer = createWriter(file, room, tails, options.timeFlush, options.refusedPauseMs);
  const disk = createDiskReserve(path, clock);
  const arrivals = createArrivals();
  let closing: Promise<void> | null = null;

  function of(partition: number): PartitionTail {
    if (closing !== null) {
      throw new AppError('log_unavailable', `The log ${path} is closed; start the process again to use it.`);
    }
    const tail = tails[partition];
    if (tail === undefined) throw new RangeError(`The log has partitions 0..${tails.length - 1}, not ${partition}.`);
    return tail;
  }
  function isBroken(): boolean {
    try {
      writer.refuseWhenBroken();
      return false;
    } catch {
      return true;
    }
  }
  /** After a write that failed, a read may throw: who waits for a record must hear of it. */
  async function written<T>(writing: Promise<T>): Promise<T> {
    try {
      return await writing;
    } catch (error) {
      arrivals.tellAll();
      throw error;
    }
  }
  const keptBytes = () => tails.reduce((sum, { bytes }) => sum + bytes, writer.pendingBytes());

  function refuseWhenFull(bytes: number): void {
    const kept = keptBytes();
    if (kept + bytes > maxBytes) {
      throw new AppError(
        'log_full',
        `Appending ${bytes} bytes to the log ${path}, which keeps ${kept}, would pass its limit of ${maxBytes} bytes. ` +
          'It has room again as the processor stores what waits; see whether the store is reachable.',
      );
    }
    const free = disk.freeBytes();
    if (free - bytes < minFreeBytes) {
      throw new AppError(
        'log_full',
        `Appending ${bytes} bytes to the log ${path} would leave less than ${minFreeBytes} bytes of its disk free ` +
          `(${free} are). Make room on the disk.`,
      );
    }
  }

  return {
    logId,
    partitions: tails.map(({ partition }) => partition),
    async append(records) {
      of(0);
      if (records.length === 0) return [];
      const bytes = records.reduce((sum, { payload }) => sum + payload.length + RECORD_HEADER_BYTES, 0);
      refuseWhenFull(bytes);
      disk.spend(bytes);
      const appendedAt = clock();
      const positions = await written(
        writer.append(
          records.map(({ key, payload }) => ({
            tail: of(toPartition(key, options.partitions)),
            payload,
            appendedAt,
          })),
        ),
      );
      for (const { partition } of positions) arrivals.tell(partition);
      return positions;
    },
    async status() {
      const waiting = tails.map(({ partition }) => of(partition)).filter(({ committed, next }) => committed < next);
      const oldestAt = Math.min(clock(), ...waiting.map((tail) => readOldestAt(file, tail) ?? clock()));
      return {
        backend: 'lmdb',
        depth: waiting.reduce((sum, { committed, next }) => sum + next - committed, 0),
        oldestAgeMs: clock() - oldestAt,
        bytes: keptBytes(),
        maxBytes,
        lagByPartition: Object.fromEntries(tails.map((tail) => [String(tail.partition), tail.next - tail.committed])),
      };
    },
    async committed(partition) {
      return of(partition).committed;
    },
    async read(partition, from, limits) {
      const tail = of(partition);
      writer.refuseWhenBroken();
      return readEntries(file, tail, Math.max(from, tail.committed), limits);
    },
    async commit(partition, next) {
      const tail = of(partition);
      if (next > tail.next) throw new RangeError(`Partition ${partition} ends at ${tail.next}, before ${next}.`);
      if (next > tail.committed) await written(writer.commit(tail, next));
    },
    async arrived(partition, from, aborted) {
      const tail = tails[partition];
      if (tail === undefined) return;
      const isOver = (): boolean => closing !== null || tail.next > Math.max(from, tail.committed) || isBroken();
      await arrivals.wait(partition, isOver, aborted);
    },
    close() {
      closing ??= writer.idle().then(async () => {
        await room.close();
        await file.db.close();
      });
      arrivals.tellAll();
      return closing;
    },
  };
}

function readStanding(file: LmdbFile, { path, partitions }: LmdbLogOptions): { tails: PartitionTail[]; logId: string } {
  try {
    const tails = readTails(file, partitions);
    if (typeof tails === 'string') throw toCorrupt(path, tails);
    return { tails, logId: readLogId(file) };
  } catch (thrown) {
    void file.db.close();
    if (thrown instanceof AppError) throw thrown;
    throw toCorrupt(path, 'its records cannot be read', thrown);
  }
}

/**
 * Gives when the oldest record that waits was appended (epoch ms), or null. A commit's transaction may have
 * trimmed records before `tail` is told of it: then the oldest is the first that is left.
 */
function readOldestAt(file: LmdbFile, { partition, committed, next }: PartitionTail): number | null {
  const range = { start: toRecordKey(partition, committed), end: toRecordKey(partition, next), limit: 1 };
  for (const { value } of file.db.getRange(range)) return parseRecordValue(value).appendedAt || null;
  return null;
}

function readEntries(
  file: LmdbFile,
  { partition, next }: PartitionTail,
  from: number,
  limits: { maxRecords: number; maxBytes: number },
): LogEntry[] {
  const entries: LogEntry[] = [];
  if (from >= next) return entries;
  let bytes = 0;
  const limit = Math.max(1, limits.maxRecords);
  const range = { start: toRecordKey(partition, from), end: toRecordKey(partition, next), limit };
  for (const { key, value } of file.db.getRange(range)) {
    const position = from + entries.length;
    if (!Array.isArray(key) || key[1] !== position) {
      throw toCorrupt(file.path, `partition ${partition} lacks position ${position}`);
    }
    bytes += value.length - RECORD_HEADER_BYTES;
    if (entries.length > 0 && bytes > limits.maxBytes) break;
    entries.push({ partition, position, ...parseRecordValue(value) });
  }
  if (entries.length === 0) throw toCorrupt(file.path, `partition ${partition} lacks position ${from}`);
  return entries;
}
