import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** Packed bytes, and how, as `Content-Encoding` names it. */
export interface PackedRows {
  readonly encoding: 'zstd' | 'gzip';
  readonly bytes: Buffer;
}

/** What of `node:zlib` packs: zstd is there from Node.js 22.15 on. */
type Packers = Pick<typeof zlib, 'gzip'> & { readonly zstdCompress?: typeof zlib.zstdCompress };

/** So much is packed before it is copied to the rest. */
const chunkSize = 256 * 1024;

/**
 * Gives how to pack rows for their way to a server, all at once and on a thread of their own: by zstd where there is one, which takes a third of the time
 * of gzip for half the bytes, both at their first level.
 */
export function createRowPacker({ gzip, zstdCompress }: Packers): (rows: Buffer) => Promise<PackedRows> {
  if (zstdCompress === undefined) {
    const pack = promisify(gzip);
    return async (rows) => ({ encoding: 'gzip', bytes: await pack(rows, { level: 1, chunkSize }) });
  }
  const pack = promisify(zstdCompress);
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: 1 };
  return async (rows) => ({ encoding: 'zstd', bytes: await pack(rows, { params, chunkSize }) });
}
