import { gzipSync } from 'fflate';
import type { Clock } from './ports.ts';
import type { Batch } from './transport.ts';

/**
 * Gives the body of one sending: JSON stamped with `sent_at`, as text below `gzipFromBytes` (UTF-16 units) and as gzip
 * from there on. The server tells them apart by gzip's magic bytes, so neither needs a header that costs a preflight.
 */
export function encodeBody(batch: Batch, clock: Clock, gzipFromBytes: number): string | Uint8Array<ArrayBuffer> {
  const json = JSON.stringify({ ...batch, sent_at: new Date(clock()).toISOString() });
  return json.length < gzipFromBytes ? json : new Uint8Array(gzipSync(new TextEncoder().encode(json), { mtime: 0 }));
}
