import { statfsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const mib = 1024 ** 2;

/** Takes all that is left of a file's disk into the file, in ever smaller pieces. */
export function fillDisk(ballast: string): void {
  for (let bytes = 8 * mib; bytes >= 4_096; ) {
    const { bavail, bsize } = statfsSync(dirname(ballast));
    if (bavail * bsize < bytes) bytes /= 2;
    else writeFileSync(ballast, Buffer.alloc(bytes, 1), { flag: 'a' });
  }
}
