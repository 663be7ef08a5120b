import { attempt } from '../attempt.ts';
import type { Ground } from '../ports.ts';
import type { Body } from './body.ts';
import { type Answer, judge, parseRetryAfter, type Verdict } from './judge.ts';

/** Bytes of requests under way that may outlive the page: they share 64 KiB, beacons among them. */
export interface Quota {
  bytes: number;
}

/** What we use of it; the rest is for headers. Source: Fetch standard, "HTTP-network-or-cache fetch"; Beacon standard, 3.2. */
export const maxQuotaBytes = 60_000;
const timeoutMs = 15_000;

/** How a request ended: `status` 0 where nobody answered; `afterMs` is what the collector asked for. */
export interface Ending {
  readonly verdict: Verdict;
  readonly status: number;
  readonly afterMs: number;
}

/**
 * Posts a batch of `length` events, as text/plain with the key inside: no preflight. `keepalive` lets the request
 * outlive a navigation, while the quota lasts. Never rejects.
 */
export async function post(
  { after, count, now }: Ground,
  send: () => { readonly fetch: typeof fetch; readonly url: string; readonly quota: Quota },
  body: Body,
  length: number,
): Promise<Ending> {
  const { fetch, url, quota } = send();
  const abort = new AbortController();
  const timer = after(timeoutMs, () => abort.abort());
  const keepalive = quota.bytes + body.length <= maxQuotaBytes;
  const taken = keepalive ? body.length : 0;
  quota.bytes += taken;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
      credentials: 'omit',
      keepalive,
      signal: abort.signal,
    });
    const { status } = answer;
    const text = await answer.text();
    const said: Answer | undefined = attempt(() => JSON.parse(text));
    if (!answer.ok) count(`answer_${status}`, 1, said);
    const verdict = judge(status, said, length);
    if (verdict === 'done') count('event_rejected', Number(said?.rejected ?? length));
    return { verdict, status, afterMs: parseRetryAfter(answer.headers.get('Retry-After'), now()) };
  } catch (error) {
    count('unreachable', 1, error);
    return { verdict: 'retry', status: 0, afterMs: 0 };
  } finally {
    quota.bytes -= taken;
    clearTimeout(timer);
  }
}
