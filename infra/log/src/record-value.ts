import { crc32 } from 'node:zlib';

// CRC-32 of all that follows (u32), appendedAt (f64, epoch ms), payload; little-endian.
const CHECKSUM_BYTES = 4;

/** Bytes that a stored value has beside its payload. */
export const RECORD_HEADER_BYTES = CHECKSUM_BYTES + 8;

/** Gives the stored bytes of a record: CRC-32, instant of the append, payload (copied). */
export function toRecordValue(payload: Uint8Array, appendedAt: number): Buffer {
  const value = Buffer.allocUnsafe(RECORD_HEADER_BYTES + payload.length);
  value.writeDoubleLE(appendedAt, CHECKSUM_BYTES);
  value.set(payload, RECORD_HEADER_BYTES);
  value.writeUInt32LE(crc32(value.subarray(CHECKSUM_BYTES)), 0);
  return value;
}

/** Reads stored bytes back; `payload` (a view, not a copy) is null where the checksum fails. Never throws. */
export function parseRecordValue(value: Buffer): { payload: Uint8Array | null; appendedAt: number } {
  if (value.length < RECORD_HEADER_BYTES) return { payload: null, appendedAt: 0 };
  if (value.readUInt32LE(0) !== crc32(value.subarray(CHECKSUM_BYTES))) return { payload: null, appendedAt: 0 };
  return { payload: value.subarray(RECORD_HEADER_BYTES), appendedAt: value.readDoubleLE(CHECKSUM_BYTES) };
}
