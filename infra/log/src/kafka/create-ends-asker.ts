import { setTimeout as pause } from 'node:timers/promises';

/** Least time between two questions, whoever asks: a loop that polls each of many partitions costs no more than this. */
const spacingMs = 50;

/** Asks for the ends of all partitions in one question; who asks meanwhile waits for the next one, so that no answer is older than its question. */
export function createEndsAsker(ask: () => Promise<readonly number[]>): () => Promise<readonly number[]> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<readonly number[]> | null = null;

  async function askNext(): Promise<readonly number[]> {
    await running.catch(() => undefined);
    const early = askedAt + spacingMs - performance.now();
    if (early > 0) await pause(early);
    next = null;
    askedAt = performance.now();
    const answer = ask();
    running = answer;
    return answer;
  }

  return () => {
    next ??= askNext();
    return next;
  };
}
