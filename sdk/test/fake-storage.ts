/** The browser's Storage over a map, with a quota in UTF-16 units. */
export function createFakeStorage(quota = Number.POSITIVE_INFINITY): Storage {
  const texts = new Map<string, string>();
  return {
    get length() {
      return texts.size;
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, value) => {
      const used = [...texts].reduce((sum, [name, text]) => sum + name.length + text.length, 0);
      if (used + key.length + value.length > quota) throw new Error('QuotaExceededError');
      texts.set(key, value);
    },
    removeItem: (key) => {
      texts.delete(key);
    },
    clear: () => texts.clear(),
  };
}
