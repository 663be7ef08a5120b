import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '@px-platform/runtime';
import { type Key, open, type RootDatabase } from 'lmdb';
import { findLmdbDamage } from './find-lmdb-damage.ts';

/** The log's file, open: keys `[partition, position]` for records, `['committed', partition]` and `['id', 0]` beside them. */
export interface LmdbFile {
  readonly path: string;
  readonly db: RootDatabase<Buffer, Key>;
}

/**
 * Opens the log's file, making it and its folder where there is none; `mapBytes` bounds its size.
 * The file is looked over first, since LMDB trusts its pages and a damaged one can end the process.
 * Throws `log_corrupt` for a damaged file, `data_dir_unusable` where it cannot be made or read.
 */
export function openLmdbFile(path: string, mapBytes: number): LmdbFile {
  const damage = prepare(path, mapBytes);
  if (damage !== null) throw toCorrupt(path, damage);
  try {
    return { path, db: openEnvironment(path, mapBytes) };
  } catch (cause) {
    throw toCorrupt(path, 'LMDB refuses it', cause);
  }
}

/** Builds the error for a damaged file: what is wrong, and what to do next. */
export function toCorrupt(path: string, damage: string, cause?: unknown): AppError {
  return new AppError(
    'log_corrupt',
    `Opening the log ${path} failed: ${damage}. Restore the file from a backup, or move it away to start an ` +
      'empty log; events that were not yet stored are in that file, so keep it.',
    { cause },
  );
}

function prepare(path: string, mapBytes: number): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) makeFile(path, mapBytes);
    return findLmdbDamage(path);
  } catch (cause) {
    throw new AppError(
      'data_dir_unusable',
      `Opening the log ${path} failed. Check that the folder exists, that this user may read and write it, and that the disk has room.`,
      { cause },
    );
  }
}

// Made beside its place and moved there, so that a crash in between leaves no half-made file that
// would look like a damaged one. Both file and folder are synced, or a power cut could take the
// bytes or the name away. `close` is done when it returns, as nothing is being written.
function makeFile(path: string, mapBytes: number): void {
  const unfinished = `${path}.new`;
  for (const leftover of [unfinished, `${unfinished}-lock`]) rmSync(leftover, { force: true });
  void openEnvironment(unfinished, mapBytes).close();
  sync(unfinished);
  renameSync(unfinished, path);
  rmSync(`${unfinished}-lock`, { force: true });
  sync(dirname(path));
}

function sync(path: string): void {
  const opened = openSync(path, 'r');
  fsyncSync(opened);
  closeSync(opened);
}

function openEnvironment(path: string, mapBytes: number): LmdbFile['db'] {
  return open<Buffer, Key>({
    path,
    noSubdir: true,
    encoding: 'binary',
    mapSize: mapBytes,
    // With overlapping sync a write's promise resolves before fdatasync; without, after it.
    overlappingSync: false,
    // The writer groups appends itself, see create-writer.ts.
    eventTurnBatching: false,
  });
}
