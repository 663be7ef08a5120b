import { gzipSync } from 'fflate';

/** Gives bytes as gzip at once, for when the page goes and for browsers without CompressionStream. */
export function gzip(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes, { mtime: 0 }));
}
