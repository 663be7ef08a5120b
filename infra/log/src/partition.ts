import { crc32 } from 'node:zlib';

/** Gives the partition of a key, 0..count-1: the same key, the same partition, as long as `count` holds. */
export function toPartition(key: string, count: number): number {
  return crc32(key) % count;
}
