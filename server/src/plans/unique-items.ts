import type { FuncKeywordDefinition } from 'ajv';

/**
 * `uniqueItems` in time that grows with the list alone: ajv's own compares each item with each other one. Items are
 * equal as JSON is, whatever the order of an object's keys.
 */
export const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: false,
  error: { message: 'must NOT have duplicate items' },
  validate: (isAsked: boolean, items: readonly unknown[]) =>
    !isAsked || new Set(items.map((item) => toCanonicalText(item))).size === items.length,
};

/** JSON with the keys of objects in one order. */
function toCanonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalText).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, own]) => `${JSON.stringify(key)}:${toCanonicalText(own)}`).join()}}`;
}
