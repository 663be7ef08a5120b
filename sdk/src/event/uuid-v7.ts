import type { Clock } from '../ports.ts';

/**
 * Builds a maker of UUIDv7 (RFC 9562, 6.2 method 1): 48 bits of epoch ms, 42 random bits of this page, and a counter
 * of 32 bits that begins at random. Two ids of a page differ though its clock runs back, and ids of a batch share most
 * of their digits, which gzip likes. `random` gives n random hexadecimal digits.
 */
export function createUuidV7(clock: Clock, random: (digits: number) => string): () => string {
  const page = `7${random(3)}-${'89ab'[Number.parseInt(random(1), 16) & 3]}${random(3)}-${random(4)}`;
  let serial = Number.parseInt(random(8), 16);
  return () => {
    serial = (serial + 1) >>> 0;
    const time = clock().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-${page}${serial.toString(16).padStart(8, '0')}`;
  };
}
