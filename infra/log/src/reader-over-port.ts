import { askOver, type CallPort, serveCalls } from '@px-platform/runtime';
import type { LogEntry, LogReader } from './event-log.ts';
import { untilAborted } from './until-aborted.ts';

/** What a reader in another process or thread must know of the log before it asks; a structured clone of it will do. */
export type LogStanding = Pick<LogReader, 'logId' | 'partitions'>;

type Limits = Parameters<LogReader['read']>[2];

/** Entries on their way between processes or threads: their bytes in one block, four numbers of each beside it. */
interface PackedEntries {
  /** Of each entry: position, instant of the append, bytes in the block, kind. */
  readonly heads: Float64Array<ArrayBuffer>;
  readonly block: ArrayBuffer;
}

const headSize = 4;
/** The bytes are a payload, a damaged value, or nothing is left of the entry. */
const kinds = { payload: 0, damaged: 1, lost: 2 };

/** Lets a reader in another process or thread read and commit over the port. */
export function serveLogReader(reader: LogReader, port: CallPort): void {
  const waits = new Map<number, AbortController>();
  port.on('close', () => {
    for (const wait of waits.values()) wait.abort();
  });
  serveCalls(port, {
    committed: (partition: number) => reader.committed(partition),
    commit: (partition: number, next: number) => reader.commit(partition, next),
    read: async (partition: number, from: number, limits: Limits) => pack(await reader.read(partition, from, limits)),
    arrived: async (wait: number, partition: number, from: number) => {
      const ending = new AbortController();
      waits.set(wait, ending);
      await reader.arrived(partition, from, ending.signal);
      waits.delete(wait);
    },
    letGo: async (wait: number) => waits.get(wait)?.abort(),
  });
}

/** The log's reading side in another process or thread than the log: keeps the contract of the reader that is served. */
export function connectLogReader(port: CallPort, { logId, partitions }: LogStanding): LogReader {
  const ask = askOver(port);
  let waits = 0;
  return {
    logId,
    partitions,
    committed: (partition) => ask<number>('committed', partition),
    commit: (partition, next) => ask<void>('commit', partition, next),
    async read(partition, from, limits) {
      return unpack(partition, await ask<PackedEntries>('read', partition, from, limits));
    },
    async arrived(partition, from, aborted) {
      if (aborted.aborted) return;
      const wait = waits++;
      // A port that is closed ends the wait: the next read says so.
      await untilAborted(
        ask<void>('arrived', wait, partition, from).catch(() => undefined),
        aborted,
      );
      if (aborted.aborted) void ask<void>('letGo', wait).catch(() => undefined);
    },
  };
}

function pack(entries: readonly LogEntry[]): PackedEntries {
  const bytesOf = ({ payload, damaged }: LogEntry): Uint8Array => payload ?? damaged ?? new Uint8Array();
  const heads = new Float64Array(entries.length * headSize);
  const block = new Uint8Array(entries.reduce((sum, entry) => sum + bytesOf(entry).length, 0));
  let used = 0;
  for (const [index, entry] of entries.entries()) {
    const bytes = bytesOf(entry);
    block.set(bytes, used);
    used += bytes.length;
    heads.set([entry.position, entry.appendedAt, bytes.length, toKind(entry)], index * headSize);
  }
  return { heads, block: block.buffer };
}

function toKind({ payload, damaged }: LogEntry): number {
  if (payload !== null) return kinds.payload;
  return damaged === undefined ? kinds.lost : kinds.damaged;
}

function unpack(partition: number, { heads, block }: PackedEntries): LogEntry[] {
  const entries: LogEntry[] = [];
  let used = 0;
  for (let at = 0; at < heads.length; at += headSize) {
    const [position = 0, appendedAt = 0, length = 0, kind] = heads.subarray(at, at + headSize);
    const bytes = Buffer.from(block, used, length);
    used += length;
    entries.push({
      partition,
      position,
      appendedAt,
      payload: kind === kinds.payload ? bytes : null,
      ...(kind === kinds.damaged ? { damaged: bytes } : {}),
    });
  }
  return entries;
}
