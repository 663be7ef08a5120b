/** How a cache has done since it was made. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly size: number;
}

/** Remembers what was made for a key. */
export interface BoundedCache<T> {
  /** Gives what `make` gave for this key before, or makes and keeps it. Throws only what `make` throws. */
  getOrMake(key: string, make: (key: string) => T): T;
  /** Forgets what was made; the counts go on. */
  clear(): void;
  counts(): CacheCounts;
}

/**
 * Makes a cache of at most `maxEntries` values, which keeps at least the half of them that was asked for last: what was not asked for
 * while half a cache of others was, goes out. A hit costs one look-up and moves nothing, where an order by the last use is kept by a
 * removal and an insertion each.
 */
export function createBoundedCache<T extends object>(options: { maxEntries: number }): BoundedCache<T> {
  const half = Math.ceil(options.maxEntries / 2);
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let hits = 0;
  let misses = 0;

  function keep(key: string, value: T): void {
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  }

  return {
    getOrMake(key, make) {
      const kept = young.get(key);
      if (kept !== undefined) {
        hits += 1;
        return kept;
      }
      const aged = old.get(key);
      if (aged !== undefined) {
        hits += 1;
        old.delete(key);
        keep(key, aged);
        return aged;
      }
      misses += 1;
      const made = make(key);
      keep(key, made);
      return made;
    },
    clear() {
      young = new Map();
      old = new Map();
    },
    counts: () => ({ hits, misses, size: young.size + old.size }),
  };
}
