import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { PersonHistory } from './history.ts';

/** One sending of a batch that nobody answered: the line broke, or nothing came in time. Instants are epoch ms. */
export interface UnansweredAttempt {
  readonly requestId: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What the clients have seen, for the ledger. */
export interface ClientTally {
  /** Of each event that was answered with 202: which sending of its batch it was, from 1. */
  readonly acknowledged: Map<string, number>;
  readonly unanswered: UnansweredAttempt[];
  /** Batches that had been sent before: after a failure, or on purpose. */
  resends: number;
  requests: number;
  /** Answers 408, 429 and 5xx: the client was told to send again. */
  putOff: number;
}

/** Builds an empty tally. */
export function createTally(): ClientTally {
  return { acknowledged: new Map(), unanswered: [], resends: 0, requests: 0, putOff: 0 };
}

/** Whom a client sends to, and how it goes about it. */
export interface ClientOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly tally: ClientTally;
  /** 0 <= n < 1. */
  readonly random: () => number;
  /** Between two batches it rests up to so long. */
  readonly pauseMs: () => number;
  /** Called as a request goes out. */
  readonly onSend?: () => void;
  /** Once it says true, the client ends where it stands, also where a batch is not acknowledged. */
  readonly isOver?: () => boolean;
}

const firstWaitMs = 50;
const maxWaitMs = 1_000;
/** As the SDK's. */
const timeoutMs = 15_000;

/**
 * Sends a person's batches in order, as the SDK does: gzip as text/plain, the next batch after this one's 202,
 * a failed one again with backoff and jitter, not before Retry-After, until it is acknowledged. One in ten acknowledged
 * batches is sent once more, as a client does that has lost the answer. Each sending has a request id of its own,
 * which `toSending` reads. Throws where it is refused for good.
 */
export async function sendHistory(history: PersonHistory, options: ClientOptions): Promise<void> {
  const { tally, random, pauseMs, isOver = () => false } = options;
  for (const [number, batch] of history.batches.entries()) {
    // As of each sending: what waited over 5 s for a server would else be taken for a clock that is wrong, and moved.
    const toBody = () => gzipSync(JSON.stringify({ events: batch, sent_at: new Date().toISOString() }));
    const sendOnce = (sending: number) => send(options, toBody(), toRequestId(history.personId, number, sending));
    let sending = 1;
    for (; ; sending += 1) {
      if (isOver()) return;
      const answer = await sendOnce(sending);
      if (answer.kind === 'taken') break;
      tally.resends += 1;
      const bound = Math.min(maxWaitMs, firstWaitMs * 2 ** (sending - 1));
      await wait(answer.retryAfterMs + bound * (0.5 + random() / 2));
    }
    for (const { event_id } of batch) if (event_id !== undefined) tally.acknowledged.set(event_id, sending);
    if (random() < 0.1) {
      tally.resends += 1;
      await sendOnce(sending + 1);
    }
    await wait(pauseMs() * random());
  }
}

/** Names one sending of a batch; `sending` counts from 1. */
function toRequestId(personId: string, batch: number, sending: number): string {
  return `${personId}.${batch}.${sending}`;
}

/** Which sending of its batch a request was, from 1. */
export function toSending(requestId: string): number {
  return Number(requestId.slice(requestId.lastIndexOf('.') + 1));
}

type Answer = { readonly kind: 'taken' } | { readonly kind: 'again'; readonly retryAfterMs: number };

async function send(options: ClientOptions, body: Buffer, requestId: string): Promise<Answer> {
  const { url, apiKey, tally } = options;
  tally.requests += 1;
  const startedAt = Date.now();
  try {
    const answering = fetch(`${url}/api/v1/events/batch?api_key=${apiKey}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', 'X-Request-ID': requestId },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    options.onSend?.();
    const response = await answering;
    const text = await response.text();
    if (response.status === 202) return { kind: 'taken' };
    // 408: the body did not come in time, as where this process stood still.
    if (![408, 429].includes(response.status) && response.status < 500)
      throw new RangeError(`answered ${response.status}: ${text}`);
    tally.putOff += 1;
    return { kind: 'again', retryAfterMs: 1_000 * Number(response.headers.get('retry-after') ?? 0) };
  } catch (error) {
    // A refusal would never end; a connection that broke is tried again.
    if (error instanceof RangeError) throw error;
    tally.unanswered.push({ requestId, startedAt, endedAt: Date.now() });
    return { kind: 'again', retryAfterMs: 0 };
  }
}
