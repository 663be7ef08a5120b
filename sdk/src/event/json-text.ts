import { eventLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';

/** Bounds the work on the page's main thread; an event of more would be over its bytes as a rule. */
const maxArrayItems = 5_000;

/** What may still be written, counted over the whole value. */
interface Budget {
  keys: number;
  items: number;
}

/**
 * Gives an object as JSON text within the event's bounds: depth, keys in all, key and string length; `{}` for what is
 * not an object. What JSON cannot say is left out (functions, symbols, cycles, DOM nodes, getters that throw) or put in
 * words (BigInt, Date, Error). It leans on nothing that a page may have redefined, `JSON.stringify` and `toJSON` of
 * arrays among them. Never throws.
 */
export function toBagText(value: unknown): string {
  const text = attempt(() => write(value, 1, [], { keys: eventLimits.maxPropertyKeys, items: maxArrayItems }));
  return text?.[0] === '{' ? text : '{}';
}

/** Gives one object of two, as JSON texts; what both name is said twice, and JSON's readers take the second. */
export function joinBags(under: string, over: string): string {
  if (under.length < 3) return over;
  return over.length < 3 ? under : `${under.slice(0, -1)},${over.slice(1)}`;
}

/** Cuts a text to `maxLength` UTF-16 units without leaving half a character. */
export function cutText(text: string, maxLength: number): string {
  return text.length > maxLength ? text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '') : text;
}

function quote(text: string): string {
  const escaped = cutText(text, eventLimits.maxStringLength).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON must escape them.
    /["\\\u0000-\u001f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

function write(value: unknown, depth: number, ancestors: readonly object[], budget: Budget): string | undefined {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return quote(String(value));
  // JSON has no -0: adding 0 makes it 0.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value + 0) : 'null';
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'object' || ancestors.includes(value) || isDomNode(value)) return undefined;
  if (value instanceof Error) return quote(`${value.name}: ${value.message}`);
  const path = [...ancestors, value];
  const isList = Array.isArray(value);
  if (!isList && 'toJSON' in value && typeof value.toJSON === 'function') {
    const said: unknown = value.toJSON();
    if (said !== value) return write(said, depth, path, budget);
  }
  if (depth > eventLimits.maxDepth) return undefined;
  const below = (inner: unknown) => write(inner, depth + 1, path, budget);
  const parts: string[] = [];
  if (isList) {
    for (let index = 0; index < value.length && budget.items > 0; index += 1) {
      budget.items -= 1;
      parts.push(attempt(() => below(value[index])) ?? 'null');
    }
    return `[${parts.join()}]`;
  }
  for (const key of Object.keys(value)) {
    if (budget.keys <= 0) break;
    if (key === '__proto__' || key.length > eventLimits.maxPropertyKeyLength) continue;
    budget.keys -= 1;
    const text = attempt(() => below(Reflect.get(value, key)));
    if (text === undefined) budget.keys += 1;
    else parts.push(`${quote(key)}:${text}`);
  }
  return `{${parts.join()}}`;
}

function isDomNode(value: object): boolean {
  return 'nodeType' in value && 'nodeName' in value;
}
