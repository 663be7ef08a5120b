import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import { type Problem, toProblem } from './problem.ts';
import { toTooLarge } from './read-body.ts';

const gunzipAsync = promisify(gunzip);

/** Up to this size the thread pool's round trip costs more than the inflation itself. */
const maxSyncBytes = 64 * 1024;

/**
 * Gives a body's plain bytes. Gzip is known by `Content-Encoding` or by its magic bytes, since a page
 * that may set no header sends it as text/plain. Stops inflating at `maxBytes`: `inflated_too_large`;
 * broken or cut off: `invalid_encoding`; any other encoding: `unsupported_encoding`. Never throws.
 */
export async function inflate(
  bytes: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer | Problem> {
  const name = encoding?.trim().toLowerCase() ?? '';
  const isDeclared = name === 'gzip' || name === 'x-gzip';
  if (!isDeclared && name !== '' && name !== 'identity') {
    return toProblem('unsupported_encoding', `Content-Encoding "${name.slice(0, 50)}" is not taken; gzip is.`);
  }
  if (!isDeclared && !isGzip(bytes)) return bytes;
  try {
    const options = { maxOutputLength: maxBytes };
    return bytes.length <= maxSyncBytes ? gunzipSync(bytes, options) : await gunzipAsync(bytes, options);
  } catch (error) {
    if (isOverLimit(error)) return toTooLarge('inflated_too_large', readClaimedSize(bytes, maxBytes), maxBytes);
    return toProblem('invalid_encoding', 'The body is no complete gzip stream.');
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isOverLimit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

/** The size in gzip's trailer (RFC 1952, ISIZE): the client's own claim; inflation was stopped at the limit. */
function readClaimedSize(bytes: Buffer, maxBytes: number): number {
  const claimed = bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4);
  return Math.max(claimed, maxBytes + 1);
}
