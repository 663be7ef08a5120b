import { eventLimits } from '@px-platform/schemas/limits';

/** What JSON can say. */
export type PlainJson = null | boolean | number | string | PlainJson[] | { [key: string]: PlainJson };

/** Bounds the work on the page's main thread; an event of more would be over its bytes as a rule. */
const maxArrayItems = 5_000;

/**
 * Copies a page's object into plain JSON within the event's bounds: depth, keys in all, key and string length.
 * What JSON cannot say is left out (functions, symbols, cycles, DOM nodes, getters that throw) or put in words
 * (BigInt, Date, Error). Gives {} for what is not an object. Never throws.
 */
export function toPlainJson(source: unknown): { [key: string]: PlainJson } {
  const budget = { keys: eventLimits.maxPropertyKeys, items: maxArrayItems };
  const copy = attempt(() => toJson(source, { depth: 1, ancestors: [], budget }));
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? copy : {};
}

/** Cuts a text to `maxLength` UTF-16 units without leaving half a character. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxLength - 1 : maxLength);
}

interface Walk {
  readonly depth: number;
  readonly ancestors: readonly object[];
  /** What may still be copied, counted over the whole object. */
  readonly budget: { keys: number; items: number };
}

function toJson(value: unknown, walk: Walk): PlainJson | undefined {
  switch (typeof value) {
    case 'string':
      return cutText(value, eventLimits.maxStringLength);
    case 'boolean':
      return value;
    case 'number':
      // JSON has no -0: adding 0 makes it 0.
      return Number.isFinite(value) ? value + 0 : null;
    case 'bigint':
      return cutText(String(value), eventLimits.maxStringLength);
    case 'object':
      return value === null ? null : toJsonObject(value, walk);
    default:
      return undefined;
  }
}

function toJsonObject(value: object, walk: Walk): PlainJson | undefined {
  if (walk.ancestors.includes(value) || isDomNode(value)) return undefined;
  if (value instanceof Error) return cutText(`${value.name}: ${value.message}`, eventLimits.maxStringLength);
  const inner = { ...walk, ancestors: [...walk.ancestors, value] };
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const said: unknown = value.toJSON();
    if (said !== value) return toJson(said, inner);
  }
  if (walk.depth > eventLimits.maxDepth) return undefined;
  const below = { ...inner, depth: walk.depth + 1 };
  return Array.isArray(value) ? copyArray(value, below) : copyEntries(value, below);
}

function copyArray(values: unknown[], walk: Walk): PlainJson[] {
  const copy: PlainJson[] = [];
  for (let index = 0; index < values.length && walk.budget.items > 0; index += 1) {
    walk.budget.items -= 1;
    copy.push(attempt(() => toJson(values[index], walk)) ?? null);
  }
  return copy;
}

function copyEntries(value: object, walk: Walk): { [key: string]: PlainJson } {
  const copy: { [key: string]: PlainJson } = {};
  for (const key of Object.keys(value)) {
    if (walk.budget.keys <= 0) break;
    // Assigning __proto__ would set the copy's prototype instead of a property.
    if (key === '__proto__' || key.length > eventLimits.maxPropertyKeyLength) continue;
    walk.budget.keys -= 1;
    const said = attempt(() => toJson(Reflect.get(value, key), walk));
    if (said === undefined) walk.budget.keys += 1;
    else copy[key] = said;
  }
  return copy;
}

function isDomNode(value: object): boolean {
  return 'nodeType' in value && 'nodeName' in value && 'ownerDocument' in value;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
