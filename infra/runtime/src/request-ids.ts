import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** The greatest count of one millisecond: `rand_a` has 12 bits. */
const maxCount = 0xfff;

/**
 * Gives ids for the requests of one process: UUIDv7 with a counter in `rand_a`, and `rand_b` (62 bits) drawn once, so that each
 * sorts after the one before and most of it repeats, which takes little room where many are stored. No secrets: who has seen one
 * knows the next. Where a millisecond's 4,096 are used up, the id's time goes ahead of the clock; it never goes back, as a clock may.
 * Never throws. Source: RFC 9562, 6.2, method 1.
 */
export function createRequestIds(clock: Clock, drawn: Buffer = randomBytes(8)): () => string {
  const rest = toRandB(drawn);
  let at = 0;
  let count = 0;
  let time = toTime(at);
  return () => {
    const now = Math.floor(clock());
    if (now > at || count === maxCount) {
      at = Math.max(now, at + 1);
      count = 0;
      time = toTime(at);
    } else {
      count += 1;
    }
    return time + (0x7000 | count).toString(16) + rest;
  };
}

/** The first two fields of a UUIDv7, with what parts them from the third. */
function toTime(at: number): string {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`;
}

/** The last two fields: the variant's two bits, then what was drawn. */
function toRandB(drawn: Buffer): string {
  const bytes = Buffer.from(drawn.subarray(0, 8));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
