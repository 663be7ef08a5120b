import { readFileSync } from 'node:fs';
import { readSnapshot, type Snapshot } from '../src/lmdb/read-snapshot.ts';

/** Reads the snapshot of an LMDB file that is sound; throws what is wrong with another. */
export function readSnapshotOf(path: string): Snapshot {
  const bytes = readFileSync(path);
  const snapshot = readSnapshot((offset, length) => bytes.subarray(offset, offset + length));
  if (typeof snapshot === 'string') throw new Error(snapshot);
  return snapshot;
}
