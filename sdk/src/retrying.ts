import type { After, Count, Random } from './ports.ts';
import type { Outcome, Transport } from './transport.ts';

const baseMs = 1_000;
const capMs = 30_000;
const maxAttempts = 8;
/** A collector that asks for more is left alone: the batch goes back and whoever holds it waits. */
const maxWaitMs = 60_000;

/**
 * Wraps a transport: sends again, up to 8 times in all, after an exponential wait with full jitter (1 s doubled, to
 * 30 s), and never before the collector's Retry-After. What still fails comes back as retry.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function retrying(inner: Transport, options: { after: After; random: Random; count: Count }): Transport {
  const { after, random, count } = options;
  return {
    send: async (batch) => {
      let outcome: Outcome = await inner.send(batch);
      for (let attempt = 1; attempt < maxAttempts && outcome.kind === 'retry'; attempt += 1) {
        if (outcome.afterMs > maxWaitMs) return outcome;
        const jitterMs = random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
        const waitMs = outcome.afterMs + jitterMs;
        await new Promise<void>((resolve) => after(waitMs, resolve));
        count('retried');
        outcome = await inner.send(batch);
      }
      return outcome;
    },
  };
}
