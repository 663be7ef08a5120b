import { attempt } from '../attempt.ts';
import type { Entry } from './queue.ts';

/** UTF-8 JSON, or the same as gzip: the server tells them apart by the first two bytes. */
export type Body = Uint8Array<ArrayBuffer>;

/** gzip in one go, of fflate: fetched when the page is idle. */
export type Gzip = (bytes: Body) => Body;

/** Gives a batch as JSON: what its events share stands in it once; an event bears its page where it is not the first one's. */
export function toBody(apiKey: string, sentAt: number, entries: readonly Entry[]): Body {
  const [first = { shared: '', page: '' }] = entries;
  const events = entries.map(({ text, page }) =>
    page === first.page ? text : `${text.slice(0, -1)},"context":{"page":${page}}}`,
  );
  const head = `{"api_key":"${apiKey}","sent_at":"${new Date(sentAt).toISOString()}",${first.shared.slice(1, -2)}`;
  return new TextEncoder().encode(`${head},"page":${first.page}},"events":[${events.join()}]}`);
}

/**
 * Gives bytes as gzip by the browser's own CompressionStream, or undefined where it has none or its answer is not whole:
 * streams that end early without an error are known (PostHog/posthog-js#3564), so magic bytes and length are checked.
 */
export async function gzipNatively(bytes: Body): Promise<Body | undefined> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
    const zipped = new Uint8Array(await new Response(stream).arrayBuffer());
    const length = attempt(() => new DataView(zipped.buffer).getUint32(zipped.length - 4, true));
    if (zipped[0] === 0x1f && zipped[1] === 0x8b && length === bytes.length) return zipped;
  } catch {
    // Taken for a browser without it.
  }
  return undefined;
}
