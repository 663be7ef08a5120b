import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { PersonHistory } from './history.ts';

/** What the clients have seen, for the ledger. */
export interface ClientTally {
  /** Ids of events that were answered with 202. */
  readonly acknowledged: Set<string>;
  /** Batches that had been sent before: after a failure, or on purpose. */
  resends: number;
  requests: number;
}

/** Builds an empty tally. */
export function createTally(): ClientTally {
  return { acknowledged: new Set(), resends: 0, requests: 0 };
}

const firstWaitMs = 50;
const maxWaitMs = 1_000;

/**
 * Sends a person's batches in order, as the SDK does: gzip as text/plain, the next batch after this one's 202,
 * a failed one again with backoff and jitter until it is acknowledged. One in ten acknowledged batches is sent
 * once more, as a client does that has lost the answer. Between two batches it rests up to `pauseMs()`.
 */
export async function sendHistory(
  history: PersonHistory,
  options: { url: string; apiKey: string; tally: ClientTally; random: () => number; pauseMs: () => number },
): Promise<void> {
  const { tally, random, pauseMs } = options;
  for (const batch of history.batches) {
    const body = gzipSync(JSON.stringify({ events: batch }));
    let failures = 0;
    while (!(await send(options, body))) {
      tally.resends += 1;
      const bound = Math.min(maxWaitMs, firstWaitMs * 2 ** failures);
      failures += 1;
      await wait(bound * (0.5 + random() / 2));
    }
    for (const event of batch) if (event.event_id !== undefined) tally.acknowledged.add(event.event_id);
    if (random() < 0.1) {
      tally.resends += 1;
      await send(options, body);
    }
    await wait(pauseMs() * random());
  }
}

async function send(options: { url: string; apiKey: string; tally: ClientTally }, body: Buffer): Promise<boolean> {
  options.tally.requests += 1;
  try {
    const response = await fetch(`${options.url}/api/v1/events/batch?api_key=${options.apiKey}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: new Uint8Array(body),
    });
    await response.arrayBuffer();
    if (response.status >= 400 && response.status < 500) throw new RangeError(`answered ${response.status}`);
    return response.status === 202;
  } catch (error) {
    // A refusal would never end; a connection that broke is tried again.
    if (error instanceof RangeError) throw error;
    return false;
  }
}
