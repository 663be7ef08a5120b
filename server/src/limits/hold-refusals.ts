/** Holds back answers of 429 to a key that goes on asking. */
export interface RefusalPace {
  /** Gives how long the next refusal of a key is to be held back, in ms; 0: answer now. `bytes` are those of the request. */
  holdMs(keyId: string, bytes: number): number;
  /** To be told when what was held back is answered. */
  released(): void;
}

/** So many refusals of one key in a second go out at once. */
const perSecond = 20;
/** A client that gives up sooner than this would ask again all the sooner. */
const holdForMs = 1_000;
/** What is held back takes room among the requests in flight: no more than this, and none with a large body. */
const maxHeld = 512;
const maxHeldBytes = 64 * 1024;
const maxKeys = 10_000;

interface Bucket {
  left: number;
  filledAt: number;
}

/**
 * Builds the pace. A client that sends its next request as soon as it was refused would have the server do nothing but
 * refuse it: so of one key 20 refusals a second go out at once, and each further one after a second. `stopwatch` gives ms.
 */
export function createRefusalPace(stopwatch: () => number): RefusalPace {
  const buckets = new Map<string, Bucket>();
  let held = 0;

  function findBucket(keyId: string): Bucket {
    const known = buckets.get(keyId);
    if (known !== undefined) return known;
    const [oldest] = buckets.keys();
    if (buckets.size >= maxKeys && oldest !== undefined) buckets.delete(oldest);
    const bucket = { left: perSecond, filledAt: stopwatch() };
    buckets.set(keyId, bucket);
    return bucket;
  }

  return {
    holdMs(keyId, bytes) {
      const bucket = findBucket(keyId);
      const now = stopwatch();
      bucket.left = Math.min(perSecond, bucket.left + ((now - bucket.filledAt) / 1_000) * perSecond);
      bucket.filledAt = now;
      if (bucket.left >= 1) {
        bucket.left -= 1;
        return 0;
      }
      if (held >= maxHeld || bytes > maxHeldBytes) return 0;
      held += 1;
      return holdForMs;
    },
    released() {
      held -= 1;
    },
  };
}
