import type { Clock, NewId } from '../ports.ts';

/** Builds a maker of UUIDv7 (RFC 9562): 48 bits of epoch ms, 74 random bits from `fill`. Never throws if `fill` does not. */
export function createUuidV7(clock: Clock, fill: (bytes: Uint8Array<ArrayBuffer>) => void): NewId {
  return () => {
    const bytes = new Uint8Array(10);
    fill(bytes);
    bytes[0] = ((bytes[0] ?? 0) & 0x0f) | 0x70;
    bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80;
    const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const time = Math.floor(clock()).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-${random.slice(0, 4)}-${random.slice(4, 8)}-${random.slice(8)}`;
  };
}
