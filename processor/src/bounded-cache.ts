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

/** Makes a cache of at most `maxEntries` values; the one not asked for longest goes out first. */
export function createBoundedCache<T extends object>(options: { maxEntries: number }): BoundedCache<T> {
  const entries = new Map<string, T>();
  let hits = 0;
  let misses = 0;

  return {
    getOrMake(key, make) {
      const kept = entries.get(key);
      if (kept !== undefined) {
        hits += 1;
        // A Map keeps the order of insertion: put back, the key is the youngest.
        entries.delete(key);
        entries.set(key, kept);
        return kept;
      }
      misses += 1;
      const made = make(key);
      entries.set(key, made);
      if (entries.size > options.maxEntries) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      return made;
    },
    clear: () => entries.clear(),
    counts: () => ({ hits, misses, size: entries.size }),
  };
}
