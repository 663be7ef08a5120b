import zlib from 'node:zlib';

/** Gives the bytes of a request's body, unpacked as its `Content-Encoding` says: rows come packed by zstd or gzip. */
export function unpackBody(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'zstd') return zlib.zstdDecompressSync(body);
  return encoding === 'gzip' ? zlib.gunzipSync(body) : body;
}
