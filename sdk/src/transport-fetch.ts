import { encodeBody } from './encode-body.ts';
import type { After, Clock, Count } from './ports.ts';
import type { Outcome, Transport } from './transport.ts';

/** Below this, gzip costs the main thread more than it saves on the wire. */
const gzipFromBytes = 2_000;
/** A page's keepalive requests share 64 KiB in flight (Fetch standard, "HTTP-network-or-cache fetch", step 8.10). */
const maxKeepaliveBytes = 60_000;
const timeoutMs = 15_000;

/**
 * Builds the transport over fetch. The body goes as text/plain with the key in the URL: no preflight. `keepalive` lets
 * a request outlive a navigation. 2xx is sent; 408, 429, 5xx and no answer are retry; all else is rejected.
 */
export function createFetchTransport(options: {
  fetch: typeof fetch;
  url: string;
  clock: Clock;
  after: After;
  count: Count;
}): Transport {
  const { clock, after, count } = options;
  return {
    send: async (batch) => {
      const abort = new AbortController();
      const cancelTimeout = after(timeoutMs, () => abort.abort());
      try {
        const body = encodeBody(batch, clock, gzipFromBytes);
        const answer = await options.fetch(options.url, {
          method: 'POST',
          body,
          headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
          credentials: 'omit',
          keepalive: body.length <= maxKeepaliveBytes,
          signal: abort.signal,
        });
        const outcome = toOutcome(answer, clock);
        if (outcome.kind === 'sent') await countRejections(answer, count);
        return outcome;
      } catch (error) {
        count('unreachable', 1, error);
        return { kind: 'retry', afterMs: 0 };
      } finally {
        cancelTimeout();
      }
    },
  };
}

function toOutcome(answer: Response, clock: Clock): Outcome {
  const { status } = answer;
  if (answer.ok) return { kind: 'sent' };
  if (status < 500 && status !== 408 && status !== 429) return { kind: 'rejected', code: status };
  return { kind: 'retry', afterMs: parseRetryAfter(answer.headers.get('Retry-After'), clock) };
}

/** Gives ms from a number of seconds or an HTTP date (RFC 9110, 10.2.3); 0 where there is neither. */
function parseRetryAfter(text: string | null, clock: Clock): number {
  if (text === null) return 0;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - clock();
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}

/** Counts what the collector refused out of a batch that it took. An answer that is not ours counts nothing. */
async function countRejections(answer: Response, count: Count): Promise<void> {
  try {
    const body: unknown = await answer.json();
    if (typeof body !== 'object' || body === null || !('rejected' in body)) return;
    if (typeof body.rejected === 'number' && body.rejected > 0) count('event_rejected', body.rejected, body);
  } catch {
    // The status said that the batch is safe; the rest of the answer is only for the counts.
  }
}
