import type { AppendRecord } from '../event-log.ts';

// Version (u8), bytes of the key (u32), key (UTF-8), payload; little-endian. The spool's log adds checksum and instant.
const version = 1;
const headerBytes = 5;

/** What spooled bytes are: a record, of a version that this one does not know, or nothing that a spool has written. */
export type SpoolValue =
  | { readonly kind: 'record'; readonly record: AppendRecord }
  | { readonly kind: 'unknown_version'; readonly version: number }
  | { readonly kind: 'damaged' };

/** Gives the bytes under which a record lies in the spool: with its key, which names its partition once it is drained. */
export function toSpoolValue({ key, payload }: AppendRecord): Buffer {
  const keyBytes = Buffer.byteLength(key);
  const value = Buffer.allocUnsafe(headerBytes + keyBytes + payload.length);
  value.writeUInt8(version, 0);
  value.writeUInt32LE(keyBytes, 1);
  value.write(key, headerBytes);
  value.set(payload, headerBytes + keyBytes);
  return value;
}

/** Reads spooled bytes back; null stands for bytes whose checksum failed. The payload is a view, not a copy. Never throws. */
export function parseSpoolValue(bytes: Uint8Array | null): SpoolValue {
  if (bytes === null || bytes.length === 0) return { kind: 'damaged' };
  const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = value.readUInt8(0);
  if (found !== version) return { kind: 'unknown_version', version: found };
  if (value.length < headerBytes) return { kind: 'damaged' };
  const payloadAt = headerBytes + value.readUInt32LE(1);
  if (payloadAt > value.length) return { kind: 'damaged' };
  const key = value.toString('utf8', headerBytes, payloadAt);
  return { kind: 'record', record: { key, payload: value.subarray(payloadAt) } };
}
