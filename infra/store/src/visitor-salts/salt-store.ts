/** The salts of days, which a restart finds and several processors share. Each method throws `store_unavailable`. */
export interface SaltStore {
  /**
   * Gives the salts of these UTC days (`YYYY-MM-DD`), by day, made by `makeSalt` and stored durably where there are none;
   * those of all other days are deleted. Of several that were made at once, all callers are given the same.
   */
  keep(days: readonly string[], makeSalt: () => string): Promise<ReadonlyMap<string, string>>;
}
