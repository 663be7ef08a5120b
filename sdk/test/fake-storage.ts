/** The browser's Storage: its keys are its own properties, as in browsers; a quota in UTF-16 units. */
export function createFakeStorage(quota = Number.POSITIVE_INFINITY): Storage & Record<string, string> {
  const storage: Storage & Record<string, string> = Object.create({
    get length() {
      return Object.keys(storage).length;
    },
    key: (index: number) => Object.keys(storage)[index] ?? null,
    getItem: (key: string) => (Object.hasOwn(storage, key) ? storage[key] : null),
    setItem: (key: string, value: string) => {
      const used = Object.entries(storage).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
      if (used + key.length + value.length > quota) throw new Error('QuotaExceededError');
      storage[key] = value;
    },
    removeItem: (key: string) => {
      delete storage[key];
    },
    clear: () => {
      for (const key of Object.keys(storage)) delete storage[key];
    },
  });
  return storage;
}
