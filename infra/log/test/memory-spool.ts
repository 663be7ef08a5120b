import { createMemoryDisk, createMemoryLog, type MemoryDisk } from '../src/memory.ts';
import type { Spool } from '../src/spool/open-spool.ts';

/** What outlives a memory spool: opened again on it, a test plays a restart. */
export interface SpoolDisks {
  readonly queue: MemoryDisk;
  readonly aside: MemoryDisk;
}

/** Builds empty disks for a memory spool. */
export function createSpoolDisks(): SpoolDisks {
  return { queue: createMemoryDisk(), aside: createMemoryDisk() };
}

/** Builds a spool in this process's memory. */
export function createMemorySpool(disks = createSpoolDisks(), maxBytes = 1e9, clock: () => number = () => 1): Spool {
  const queue = createMemoryLog({ partitions: 1, maxBytes, clock, disk: disks.queue });
  const aside = createMemoryLog({ partitions: 1, maxBytes, clock, disk: disks.aside });
  const { committed = 0, next = 0 } = disks.queue.partitions.get(0) ?? {};
  return {
    queue,
    aside,
    standing: { next: committed, end: next },
    async close() {
      await queue.close();
      await aside.close();
    },
  };
}
