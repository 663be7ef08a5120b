import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@px-platform/runtime';

const MAX_AGE_MS = 1_000;

/**
 * Gives the bytes still free on the disk that holds `path`, asked at most once a second; what was
 * spent since, as `spend` is told, is taken off. Throws the file system's error.
 */
export function createDiskReserve(path: string, clock: Clock): { freeBytes(): number; spend(bytes: number): void } {
  let askedAt = Number.NEGATIVE_INFINITY;
  let free = 0;
  return {
    freeBytes() {
      const now = clock();
      if (Math.abs(now - askedAt) >= MAX_AGE_MS) {
        const disk = statfsSync(dirname(path));
        free = disk.bavail * disk.bsize;
        askedAt = now;
      }
      return free;
    },
    spend(bytes) {
      free -= bytes;
    },
  };
}
