import type { Random } from './random.ts';

/** Makes a UUIDv7 of the instant (epoch ms) as the server and other libraries do: 74 random bits. Source: RFC 9562. */
export function toUuidV7(random: Random, at: number): string {
  return format(at, random.hex(3), random.hex(16));
}

/** Makes the ids of one page as the SDK does: 42 bits drawn by the page, and a counter that begins anywhere. */
export function createPageIds(random: Random): (at: number) => string {
  const [high, low] = [random.hex(3), random.hex(8)];
  let serial = random.below(2 ** 32);
  return (at) => {
    serial = (serial + 1) >>> 0;
    return format(at, high, low + serial.toString(16).padStart(8, '0'));
  };
}

function format(at: number, high: string, low: string): string {
  const time = at.toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(low.charAt(0), 16) & 3] ?? '8';
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${variant}${low.slice(1, 4)}-${low.slice(4, 16)}`;
}
