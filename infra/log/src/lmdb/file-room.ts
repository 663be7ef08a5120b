import { close, fstatSync, openSync, readSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { type ReadAt, readSnapshot } from './read-snapshot.ts';

const writeAt = promisify(write);
const closeFile = promisify(close);

/** The room that is made at a time: seldom enough to cost nothing, little enough for a small disk and a flush that somebody waits for. */
const STEP_BYTES = 4 * 2 ** 20;
/** Besides values a transaction writes the pages above them, and those that tell which pages are free. */
const TREE_BYTES = 2 ** 20;
const PROBE_BYTES = 4_096;
const zeros = Buffer.alloc(2 ** 18);

/** Room at the end of an LMDB file that the disk has given already: blocks that hold zeros. */
export interface FileRoom {
  /**
   * Resolves once there is room for a transaction that puts values of so many bytes. Only between transactions. Throws the
   * file system's error where the disk gives none.
   */
  make(bytes: number): Promise<void>;
  /** Has the next `make` write to the disk, whether or not there is room: after it has refused a write. */
  distrust(): void;
  close(): Promise<void>;
}

/**
 * Opens the room of a file of at most `mapBytes` bytes. LMDB must not be the one that meets a full disk: its message of a write
 * that the disk refused (`mdb_page_flush` of lmdb 3.5.6) may be longer than the memory it is put into, which ended the process
 * then or at any time later (ADR 39). What is written here lies behind the end of the file, so never over a page of LMDB's.
 */
export function openFileRoom(path: string, mapBytes: number): FileRoom {
  const file = openSync(path, 'r+');
  const memory = Buffer.alloc(512);
  const readAt: ReadAt = (offset, length) => memory.subarray(0, readSync(file, memory, 0, length, offset));
  /** Bytes of room that are left at least. */
  let left = 0;
  let isDistrusted = false;

  /** Where the pages end that hold something, and where the file ends. */
  function measure(): { usedEnd: number; end: number } {
    const { size: end } = fstatSync(file);
    const snapshot = readSnapshot(readAt);
    // A disk that gives back other bytes than it took is for LMDB to tell; all of them may be of use.
    return { usedEnd: typeof snapshot === 'string' ? end : (snapshot.lastPage + 1) * snapshot.pageBytes, end };
  }

  async function writeZeros(from: number, to: number): Promise<void> {
    for (let at = from; at < to; ) {
      const { bytesWritten } = await writeAt(file, zeros, 0, Math.min(zeros.length, to - at), at);
      at += bytesWritten;
    }
  }

  async function extend(needed: number): Promise<void> {
    const { usedEnd, end } = measure();
    left = end - usedEnd;
    // LMDB goes no further than its map, and says so.
    if (left < needed && end < mapBytes) {
      try {
        await writeZeros(end, usedEnd + Math.max(needed, STEP_BYTES));
      } catch (refused) {
        // What it gave may do.
        if (fstatSync(file).size - usedEnd < needed) throw refused;
      }
      left = fstatSync(file).size - usedEnd;
    } else if (isDistrusted && left >= PROBE_BYTES) {
      await writeZeros(end - PROBE_BYTES, end);
    }
    isDistrusted = false;
  }

  return {
    async make(bytes) {
      // Values lie in pages that may be half full, or in whole pages of their own.
      const needed = 3 * bytes + TREE_BYTES;
      if (isDistrusted || left < needed) await extend(needed);
      left -= 3 * bytes + PROBE_BYTES;
    },
    distrust() {
      isDistrusted = true;
    },
    close: () => closeFile(file),
  };
}
