import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Prints what each file weighs, as it is and as gzip sends it, and its hash for Subresource Integrity. */
export function weigh() {
  return {
    name: 'weigh',
    writeBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const gzipped = gzipSync(file.code, { level: 9 }).length;
        const hash = createHash('sha384').update(file.code).digest('base64');
        process.stdout.write(
          `${file.fileName}: ${Buffer.byteLength(file.code)} B, ${gzipped} B gzip, sha384-${hash}\n`,
        );
      }
    },
  };
}
