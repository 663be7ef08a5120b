import { now } from '../clock.ts';
import { settings } from '../settings.ts';
import { type Body, gzip } from './load-gzip.ts';
import { type Entry, toBytes } from './queue.ts';

/** Below this, gzip saves less than it costs. */
const gzipFromBytes = 1_000;

/** Gives a batch as JSON: what its events share stands in it once; an event bears its page where it is not the first one's. */
export function toBody(entries: readonly Entry[]): Body {
  const head = `"api_key":"${settings.apiKey}","sent_at":"${new Date(now()).toISOString()}"`;
  const [first] = entries;
  const page = `"page":${first?.pageJson}}`;
  const events = entries.map(({ itself, pageJson }) =>
    pageJson === first?.pageJson ? itself : `${itself.slice(0, -1)},"context":{"page":${pageJson}}}`,
  );
  return toBytes(`{${head},${first?.shared.slice(1, -2)},${page},"events":[${events.join()}]}`);
}

/**
 * Gives a body as it goes while the page lives: as gzip where that pays, by the browser's own CompressionStream. Streams
 * that end early without an error are known (PostHog/posthog-js#3564), so magic bytes and length are checked. What has none
 * or fails uses fflate, or sends plain text. Writing by hand blocks a seventh of what `Blob.stream().pipeThrough` does.
 */
export async function compress(plain: Body): Promise<Body> {
  if (plain.length < gzipFromBytes) return plain;
  try {
    const { writable, readable } = new CompressionStream('gzip');
    const writer = writable.getWriter();
    // What fails here fails the reading too.
    writer.write(plain).catch(() => {});
    writer.close().catch(() => {});
    const zipped = new DataView(await new Response(readable).arrayBuffer());
    const isWhole = zipped.getUint16(0) === 0x1f8b && zipped.getUint32(zipped.byteLength - 4, true) === plain.length;
    if (isWhole) return new Uint8Array(zipped.buffer);
  } catch {
    // Taken for a browser without it.
  }
  return gzip?.(plain) ?? plain;
}
