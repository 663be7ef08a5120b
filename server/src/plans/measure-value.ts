/** Characters of text that cost about as much to look at as one value. */
const charactersPerValue = 16;

/** Gives what there is to look at in a JSON value: each value, with its key, and their text by length. */
export function measureValue(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / charactersPerValue;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  if (Array.isArray(value)) for (const item of value) size += measureValue(item);
  else for (const [key, own] of Object.entries(value)) size += measureValue(own) + key.length / charactersPerValue;
  return size;
}
