import { eventLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';

/** Bounds the work on the page's main thread; an event of more would be over its bytes as a rule. */
const maxArrayItems = 5_000;
let keysLeft = 0;
let itemsLeft = 0;

/**
 * Gives an object as JSON text within the event's bounds: depth, keys in all, key and string length; `{}` for what is
 * not an object. What JSON cannot say is left out (functions, symbols, cycles, DOM nodes, getters that throw) or put in
 * words (BigInt, Date, Error). It leans on nothing that a page may have redefined, `JSON.stringify` and `toJSON` of
 * arrays among them. Never throws.
 */
export function toBagText(value: unknown): string {
  keysLeft = eventLimits.maxPropertyKeys;
  itemsLeft = maxArrayItems;
  const text = attempt(() => write(value, []));
  return text?.[0] === '{' ? text : '{}';
}

/** Gives one object of two, as JSON texts; what both name is said twice, and JSON's readers take the second. */
export function joinBags(under: string, over: string): string {
  return `${under.slice(0, -1) || '{'}${under.length > 2 && over.length > 2 ? ',' : ''}${over.slice(1)}`;
}

/** A character that is cut in half becomes U+FFFD in UTF-8. */
function quote(text: string): string {
  const toEscape = (unit: string) => `\\u${(0x10000 + unit.charCodeAt(0)).toString(16).slice(1)}`;
  return `"${text.slice(0, eventLimits.maxStringLength).replace(/["\\]|[^ -\uffff]/g, toEscape)}"`;
}

/** `above`: the objects that the value lies in. */
function write(value: unknown, above: readonly unknown[]): string | undefined {
  if (typeof value === 'string' || typeof value === 'bigint' || value instanceof Error) return quote(`${value}`);
  if (typeof value === 'boolean' || Number.isFinite(value)) return `${value}`;
  if (typeof value === 'number' || value === null) return 'null';
  if (typeof value !== 'object' || above.includes(value) || 'nodeType' in value) return undefined;
  const within = [...above, value];
  const isList = Array.isArray(value);
  if (!isList && 'toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), within);
  if (within.length > eventLimits.maxDepth) return undefined;
  const below = (key: string | number) => attempt(() => write(Reflect.get(value, key), within));
  const parts: string[] = [];
  if (isList) {
    for (let index = 0; index < value.length && itemsLeft-- > 0; index += 1) parts.push(below(index) ?? 'null');
    return `[${parts.join()}]`;
  }
  for (const key of Object.keys(value)) {
    if (key.length > eventLimits.maxPropertyKeyLength || keysLeft <= 0) continue;
    keysLeft -= 1;
    const text = below(key);
    if (text) parts.push(`${quote(key)}:${text}`);
    else keysLeft += 1;
  }
  return `{${parts.join()}}`;
}
