/** The salts of the days at hand, so that a stage need not wait for the store. */
export interface SaltBook {
  /** Gives the salt of a UTC day, `YYYY-MM-DD`; null where there is none, or none any more. */
  of(day: string): string | null;
  /** Takes these salts in place of all others. */
  set(salts: ReadonlyMap<string, string>): void;
}

/** Builds an empty book. */
export function createSaltBook(): SaltBook {
  let held: ReadonlyMap<string, string> = new Map();
  return {
    of: (day) => held.get(day) ?? null,
    set(salts) {
      held = salts;
    },
  };
}
