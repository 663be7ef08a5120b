import type { SaltStore } from './salt-store.ts';

/** Gives salts that are held in memory and lost with the process, for tests of what stands above. */
export function createMemorySaltStore(): SaltStore {
  const salts = new Map<string, string>();
  return {
    async keep(days, makeSalt) {
      for (const day of days) if (!salts.has(day)) salts.set(day, makeSalt());
      for (const day of salts.keys()) if (!days.includes(day)) salts.delete(day);
      return new Map(salts);
    },
  };
}
