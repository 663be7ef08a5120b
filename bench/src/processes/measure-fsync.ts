import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const block = Buffer.alloc(4_096, 1);

/** Gives how long each of `times` writes of 4 KiB takes until it is on the disk, in ms: what no durable answer can beat. */
export function measureFsync(folder: string, times: number): number[] {
  const file = join(folder, 'fsync.bin');
  const descriptor = openSync(file, 'w');
  try {
    return Array.from({ length: times }, (_, at) => {
      const startedAt = performance.now();
      writeSync(descriptor, block, 0, block.length, (at % 16) * block.length);
      fdatasyncSync(descriptor);
      return performance.now() - startedAt;
    });
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
}
