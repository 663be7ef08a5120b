import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/**
 * Gives UUIDv7 strings (RFC 9562): 48 bits of epoch ms, then random. Random bytes are drawn in
 * blocks, since a draw per id costs a system call.
 */
export function createUuidV7(clock: Clock): () => string {
  let pool = Buffer.alloc(0);
  let used = 0;
  return () => {
    if (used + 10 > pool.length) {
      pool = randomBytes(4_000);
      used = 0;
    }
    const id = Buffer.allocUnsafe(16);
    id.writeUIntBE(clock(), 0, 6);
    pool.copy(id, 6, used, used + 10);
    used += 10;
    return format(id, 7);
  };
}

/** Gives the UUIDv5 (RFC 9562, SHA-1) of a name: the same name, the same id. */
export function toUuidV5(namespace: string, name: string): string {
  const digest = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  return format(digest.subarray(0, 16), 5);
}

/** Gives the epoch ms inside a UUIDv7, or null for any other UUID. */
export function readUuidV7Time(id: string): number | null {
  if (id.charAt(14) !== '7') return null;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function format(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
