import { keyLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';
import { count, warn } from '../diagnostics.ts';
import { settings } from '../settings.ts';
import type { Body } from './load-gzip.ts';
import { type Entry, mark, remove, stage } from './queue.ts';

/** What the server takes at once. */
export const maxBatchEvents = keyLimits.pub.maxEventsPerBatch;
/** Bytes under way that may outlive the page: keepalive and beacons share 64 KiB; the rest is for headers. Source: Fetch and Beacon standards. */
export const maxQuotaBytes = 60_000;
const timeoutMs = 15_000;
const firstWaitMs = 1_000;
const maxWaitMs = 60_000;
/** Each request costs the page's main thread some 2 ms in the browser itself: what comes meanwhile goes together. */
const betweenMs = 200;
/** A blocker never answers, and a console full of errors helps nobody: so many tries, then silence. */
const maxUnreachable = 3;

/** Why nothing is sent: nobody answers, or the key was refused. */
export const silence = { none: 0, unreachable: 1, refused: 2 } as const;
export let isSilent: 0 | 1 | 2 = silence.none;
/** Bytes under way that may outlive the page. */
export let quota = 0;
/** By `performance.now`: no request before. What the collector asked for, and with the wait of our own. */
export let notBefore = 0;
export let restUntil = 0;
/** Events of one request at most. */
export let most: number = keyLimits.pub.maxEventsPerBatch;
let failures = 0;
let unreachable = 0;
/** The browser's own: what a page makes of it later is not ours. */
let send: typeof fetch;

/** Makes ready to post. */
export function openPost(): void {
  send = window.fetch.bind(window);
}

/** Gives the collector's address. */
export function toUrl(): string {
  return `${settings.endpoint?.replace(/\/+$/, '') || location.origin}/api/v1/events/batch`;
}

/** Forgets what is under way: a page that comes back may hear no answer. */
export function renewQuota(): void {
  quota = 0;
}

/** Forgets failures, but not what the collector asked for. */
export function forgive(): void {
  failures = unreachable = 0;
  if (isSilent !== silence.refused) isSilent = silence.none;
}

/**
 * Posts a batch, as text/plain with the key inside: no preflight. `keepalive` lets the request outlive a navigation, and
 * keeps the page fit for the back/forward cache of Firefox. Its events are forgotten, or wait again, by the answer: only
 * one that is the collector's own settles them. A proxy's page, a 204 or a captive portal's 200 does not, and they are sent
 * again after an exponential wait with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015), never
 * before Retry-After. A 413, or a 400 that names no event, is looked for in halves. Gives true where more may be sent now.
 * Never rejects. Source: contract 2.
 */
export async function post(body: Body, entries: readonly Entry[]): Promise<boolean> {
  const { length } = entries;
  const keepalive = quota + body.length <= maxQuotaBytes;
  const taken = keepalive ? body.length : 0;
  let status = 0;
  let askedMs = 0;
  let said: { accepted?: unknown; rejected?: unknown; error?: unknown } | null | undefined;
  quota += taken;
  mark(entries, stage.flying);
  try {
    const answer = await send(toUrl(), {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'text/plain' },
      credentials: 'omit',
      keepalive,
      signal: AbortSignal.timeout?.(timeoutMs) ?? null,
    });
    const text = await answer.text();
    const retryAfter = `${answer.headers.get('Retry-After')}`;
    // Seconds or an HTTP date (RFC 9110, 10.2.3).
    askedMs = Math.max(0, +retryAfter * 1_000 || Date.parse(retryAfter) - Date.now() || 0);
    status = answer.status;
    said = attempt(() => JSON.parse(text));
  } catch (error) {
    count('unreachable', 1, error);
  }
  quota = Math.max(0, quota - taken);
  mark(entries, stage.waiting);
  const isTaken = status <= 400 && typeof said?.accepted === 'number';
  if (isTaken || status === 413 || (status === 400 && said?.error)) {
    const isLast = isTaken || length < 2;
    most = isLast ? maxBatchEvents : length >> 1;
    if (isLast) {
      remove(entries);
      count('event_rejected', isTaken ? Number(said?.rejected) : 1);
    }
    if (isTaken) {
      forgive();
      restUntil = performance.now() + betweenMs;
    }
    return true;
  }
  notBefore = performance.now() + askedMs;
  restUntil = notBefore + Math.random() * Math.min(maxWaitMs, firstWaitMs * 2 ** failures++);
  unreachable = status ? 0 : unreachable + 1;
  if (status === 401 || status === 403) {
    if (isSilent !== silence.refused) warn(`apiKey refused (${status}): nothing is sent`);
    isSilent = silence.refused;
  } else if (unreachable < maxUnreachable) count('retried', 1, status);
  else isSilent ||= silence.unreachable;
  return false;
}
