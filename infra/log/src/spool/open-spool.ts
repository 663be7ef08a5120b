import { join } from 'node:path';
import { AppError, type Clock, type FolderLock, lockFolder } from '@px-platform/runtime';
import type { EventLog, LogReader } from '../event-log.ts';
import { openLmdbLog } from '../lmdb.ts';
import { parseSpoolValue } from './spool-value.ts';

/** A log on this machine in which a spool keeps its values: all in partition 0, so that they have one order. */
export type SpoolQueue = EventLog & LogReader;

/** Where records wait while the log is away. Once given to `createSpooledLog`, it is that one's to close. */
export interface Spool {
  /** What waits to be drained. */
  readonly queue: SpoolQueue;
  /** What the log refused for itself, or can't be read: kept for an operator, and tried again at the next start. */
  readonly aside: SpoolQueue;
  /** What stood in the queue when it was opened: the first position that waits, and the one behind the last. */
  readonly standing: { readonly next: number; readonly end: number };
  close(): Promise<void>;
}

/** Where a spool lies and how large it may grow. */
export interface SpoolOptions {
  /** Of this spool alone, made where it is missing: one process at a time, one log. */
  readonly folder: string;
  /** Bound of the records that wait, keys included; what is set aside may take as much again. */
  readonly maxBytes: number;
  /** Free bytes that the disk keeps: below, nothing more is spooled. */
  readonly minFreeBytes: number;
  readonly clock: Clock;
  /** As of the LMDB log. */
  readonly timeFlush?: () => () => void;
}

/**
 * Opens the spool in a folder, with what a process before left in it: durable, as the LMDB log is. What this
 * version can't drain ends the start, and not the drain hours later. Throws `data_dir_in_use` where another process has
 * it, `data_dir_unusable`, `log_corrupt`, and `log_version_unknown` for a spool of another version or for what is no spool.
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder } = options;
  const lock = await holdFolder(folder);
  const opened: SpoolQueue[] = [];
  try {
    const open = (name: string): SpoolQueue => {
      const log = openLmdbLog({ ...options, path: join(folder, name), partitions: 1 });
      opened.push(log);
      return log;
    };
    const queue = open('queue.lmdb');
    const standing = await readStanding(queue, join(folder, 'queue.lmdb'));
    const aside = open('aside.lmdb');
    await readStanding(aside, join(folder, 'aside.lmdb'));
    return { queue, aside, standing, close: () => closeSpool(opened, lock) };
  } catch (error) {
    await closeSpool(opened, lock);
    throw error;
  }
}

async function holdFolder(folder: string): Promise<FolderLock> {
  try {
    return await lockFolder(folder);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const message = `Opening the spool ${folder} failed. Check that this user may write there, and that the disk has room.`;
    throw new AppError('data_dir_unusable', message, { cause });
  }
}

async function readStanding(log: SpoolQueue, path: string): Promise<Spool['standing']> {
  if (log.partitions.length !== 1) {
    throw toUnknown(path, `it has ${log.partitions.length} partitions, and a spool has one`);
  }
  const next = await log.committed(0);
  const end = next + (await log.status()).depth;
  // Versions only grow from the first record to the last, since each start is refused what is newer than itself.
  for (const position of end > next ? [next, end - 1] : []) {
    const [entry] = await log.read(0, position, { maxRecords: 1, maxBytes: 0 });
    const value = parseSpoolValue(entry?.payload ?? null);
    if (value.kind !== 'unknown_version') continue;
    throw toUnknown(path, `its record ${position} is of version ${value.version}, which this one does not know`);
  }
  return { next, end };
}

function toUnknown(path: string, what: string): AppError {
  return new AppError(
    'log_version_unknown',
    `Opening the spool ${path} failed: ${what}. Start the version that wrote it, with the log in reach, until the spool is ` +
      'empty; or move the file away to start with an empty spool. It holds events that were accepted, so keep it.',
  );
}

async function closeSpool(opened: readonly SpoolQueue[], lock: FolderLock): Promise<void> {
  for (const log of opened) await log.close();
  await lock.release();
}
