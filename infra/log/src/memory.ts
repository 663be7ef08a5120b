import { randomUUID } from 'node:crypto';
import { AppError, type Clock } from '@px-platform/runtime';
import { createArrivals } from './create-arrivals.ts';
import type { EventLog, LogEntry, LogReader } from './event-log.ts';
import { toPartition } from './partition.ts';
import { RECORD_HEADER_BYTES } from './record-value.ts';

/** What a memory log keeps; opened again after a close, it plays a restart. */
export interface MemoryDisk {
  readonly logId: string;
  readonly partitions: Map<number, MemoryPartition>;
}

interface MemoryPartition {
  committed: number;
  next: number;
  bytes: number;
  /** Records from `committed` to `next`. */
  entries: LogEntry[];
}

/** Builds an empty place for a memory log to keep its records. */
export function createMemoryDisk(): MemoryDisk {
  return { logId: randomUUID(), partitions: new Map() };
}

/**
 * Builds a log in this process's memory, with the contract of the durable ones except that it ends
 * with the process. `maxBytes` bounds what is kept, counted as the LMDB log counts it.
 */
export function createMemoryLog(options: {
  partitions: number;
  maxBytes: number;
  clock: Clock;
  disk?: MemoryDisk;
}): EventLog & LogReader {
  const { maxBytes, clock, disk = createMemoryDisk() } = options;
  const count = Math.max(options.partitions, ...[...disk.partitions.keys()].map((partition) => partition + 1));
  const numbers = Array.from({ length: count }, (_, partition) => partition);
  for (const partition of numbers) {
    if (!disk.partitions.has(partition))
      disk.partitions.set(partition, { committed: 0, next: 0, bytes: 0, entries: [] });
  }
  const arrivals = createArrivals();
  let isClosed = false;

  function of(partition: number): MemoryPartition {
    if (isClosed) throw new AppError('log_unavailable', 'The memory log is closed; open it again to use it.');
    const found = disk.partitions.get(partition);
    if (found === undefined) throw new RangeError(`The log has partitions 0..${count - 1}, not ${partition}.`);
    return found;
  }
  const keptBytes = () => [...disk.partitions.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  return {
    logId: disk.logId,
    partitions: numbers,
    async append(records) {
      of(0);
      const bytes = records.reduce((sum, { payload }) => sum + toSize(payload), 0);
      if (keptBytes() + bytes > maxBytes) {
        throw new AppError('log_full', `Appending ${bytes} bytes would pass the memory log's limit of ${maxBytes}.`);
      }
      const positions = records.map(({ key, payload }) => {
        const partition = toPartition(key, options.partitions);
        const kept = of(partition);
        const position = kept.next++;
        kept.bytes += toSize(payload);
        const place = { partition, position, partitionCount: options.partitions };
        kept.entries.push({ ...place, payload: payload.slice(), appendedAt: clock() });
        return { partition, position };
      });
      for (const { partition } of positions) arrivals.tell(partition);
      return positions;
    },
    async status() {
      const all = numbers.map(of);
      const oldest = all.flatMap(({ entries }) => entries.slice(0, 1)).map(({ appendedAt }) => appendedAt);
      return {
        backend: 'memory',
        depth: all.reduce((sum, { next, committed }) => sum + next - committed, 0),
        oldestAgeMs: oldest.length === 0 ? 0 : Math.max(0, clock() - Math.min(...oldest)),
        bytes: keptBytes(),
        maxBytes,
        lagByPartition: Object.fromEntries(numbers.map((n) => [String(n), of(n).next - of(n).committed])),
      };
    },
    async committed(partition) {
      return of(partition).committed;
    },
    async read(partition, from, { maxRecords, maxBytes: maxReadBytes }) {
      const { entries, committed } = of(partition);
      const first = Math.max(0, from - committed);
      let end = first;
      let bytes = 0;
      while (end < entries.length) {
        bytes += entries[end]?.payload?.length ?? 0;
        if (end > first && (end - first >= maxRecords || bytes > maxReadBytes)) break;
        end++;
      }
      return entries.slice(first, end);
    },
    async commit(partition, next) {
      const kept = of(partition);
      if (next > kept.next) throw new RangeError(`Partition ${partition} ends at ${kept.next}, before ${next}.`);
      if (next <= kept.committed) return;
      for (const { payload } of kept.entries.splice(0, next - kept.committed)) kept.bytes -= toSize(payload);
      kept.committed = next;
    },
    async arrived(partition, from, aborted) {
      const kept = disk.partitions.get(partition);
      if (kept === undefined) return;
      await arrivals.wait(partition, () => isClosed || kept.next > Math.max(from, kept.committed), aborted);
    },
    async close() {
      isClosed = true;
      arrivals.tellAll();
    },
  };
}

function toSize(payload: Uint8Array | null): number {
  return (payload?.length ?? 0) + RECORD_HEADER_BYTES;
}
