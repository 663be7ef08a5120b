import { randomUUID } from 'node:crypto';
import type { LmdbFile } from './open-lmdb-file.ts';

/** Sorts behind every record, as the committed positions do. */
const logIdKey = ['id', 0];

/** Gives the identity of the log in this file: drawn and written, durably, at its first opening. */
export function readLogId(file: LmdbFile): string {
  const held = file.db.get(logIdKey);
  if (held !== undefined) return held.toString();
  const id = randomUUID();
  file.db.putSync(logIdKey, Buffer.from(id));
  return id;
}
