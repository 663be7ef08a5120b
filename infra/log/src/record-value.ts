import { crc32 } from 'node:zlib';

// CRC-32 of all that follows (u32), instant of the append (f64, epoch ms), payload; little-endian.
const INSTANT_AT = 4;

/** Bytes that a stored value has beside its payload. */
export const RECORD_HEADER_BYTES = INSTANT_AT + 8;

/** Writes the stored form of a record (checksum, instant, payload) at `offset` of `block`; gives its part of the block. */
export function writeRecordValue(block: Buffer, offset: number, payload: Uint8Array, appendedAt: number): Buffer {
  const value = block.subarray(offset, offset + RECORD_HEADER_BYTES + payload.length);
  value.writeDoubleLE(appendedAt, INSTANT_AT);
  value.set(payload, RECORD_HEADER_BYTES);
  value.writeUInt32LE(toChecksum(value), 0);
  return value;
}

/**
 * Reads stored bytes back; `payload` (a view, not a copy) is null where the checksum fails, and `damaged`
 * all that was stored then. Never throws.
 */
export function parseRecordValue(value: Buffer): {
  payload: Uint8Array | null;
  appendedAt: number;
  damaged?: Uint8Array;
} {
  if (value.length < RECORD_HEADER_BYTES || value.readUInt32LE(0) !== toChecksum(value)) {
    return { payload: null, appendedAt: 0, damaged: value };
  }
  return { payload: value.subarray(RECORD_HEADER_BYTES), appendedAt: value.readDoubleLE(INSTANT_AT) };
}

function toChecksum(value: Buffer): number {
  return crc32(value.subarray(INSTANT_AT));
}
