import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { SdkFile } from './read-sdk-files.ts';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** How a file may travel; `identity` is as it is. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** Gives a file's bytes in an encoding, compressed as far as it goes at the first call and kept: a hundred KiB in all. */
export function createEncodeOnce(): (file: SdkFile, encoding: Encoding) => Promise<Buffer> {
  const encoded = new Map<string, Promise<Buffer>>();
  return (file, encoding) => {
    const key = `${encoding} ${file.name}`;
    const body = encoded.get(key) ?? encode(file.body, encoding);
    encoded.set(key, body);
    return body;
  };
}

async function encode(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') {
    return brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
  }
  return encoding === 'gzip' ? deflate(body, { level: constants.Z_BEST_COMPRESSION }) : body;
}
