import { crc32 } from 'node:zlib';

/** Gives the partition of a key (text, or its UTF-8), 0..count-1: the same key, the same partition, as long as `count` holds. */
export function toPartition(key: string | Uint8Array, count: number): number {
  return crc32(key) % count;
}
