import { now } from '../clock.ts';

/** The browser's own random UUID, also where `crypto` is denied. Source: File API, "generate a new blob URL". */
let seed = '';
let serial = 0;

/**
 * Makes a UUIDv7 (RFC 9562, 6.2 method 1): 48 bits of epoch ms, 42 random bits of this page, and a counter of 32 bits
 * that begins at random. Two ids of a page differ though its clock runs back, and ids of a batch share most of their
 * digits, which gzip likes.
 */
export function createId(): string {
  if (!seed) {
    const url = URL.createObjectURL(new Blob());
    URL.revokeObjectURL(url);
    seed = url.slice(-36);
    serial = Number.parseInt(seed.slice(-8), 16);
  }
  serial = (serial + 1) >>> 0;
  const time = Math.floor(now()).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${seed.slice(15, 28)}${serial.toString(16).padStart(8, '0')}`;
}
