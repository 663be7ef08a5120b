import { eventLimits, type Rejection } from '@px-platform/schemas';
import { cleanText, cutText } from './clean-text.ts';

/** An object of free shape, as a client sends it: `properties`, `traits`, `context`. */
export type Bag = Readonly<Record<string, unknown>>;

/** What became of a bag. */
export type CleanedBag =
  | {
      readonly kind: 'bag';
      /** The bag as given where nothing had to change, else a copy. */
      readonly bag: Bag;
      readonly cutStrings: number;
      readonly removedKeys: number;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** Says whether a JSON value is an object, and neither a list nor null. */
export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Walk {
  keys: number;
  cutStrings: number;
  removedKeys: number;
  rejection: Rejection | null;
}

/**
 * Walks a bag once and bounds it: depth <= 8 with the bag itself as level 1 (arrays count as levels),
 * <= 200 keys in all, key <= 200 characters. Longer strings than 8,192 are cut; lone surrogates and
 * NUL become U+FFFD, in keys too; `__proto__` keys are left out. `path` names the bag in rejections.
 * The walk ends below the deepest level, so no input overflows the stack. Never throws. Source: contract 1.
 */
export function cleanBag(bag: Bag, path: string): CleanedBag {
  const walk: Walk = { keys: 0, cutStrings: 0, removedKeys: 0, rejection: null };
  const cleaned = cleanObject(bag, path, 1, walk);
  if (walk.rejection !== null) return { kind: 'rejected', rejection: walk.rejection };
  return { kind: 'bag', bag: cleaned, cutStrings: walk.cutStrings, removedKeys: walk.removedKeys };
}

function cleanObject(bag: Bag, path: string, level: number, walk: Walk): Bag {
  let copy: Record<string, unknown> | null = null;
  const keys = Object.keys(bag);
  walk.keys += keys.length;
  if (walk.keys > eventLimits.maxPropertyKeys) {
    return reject(walk, bag, {
      code: 'too_many_keys',
      message: `More than ${eventLimits.maxPropertyKeys} keys in all.`,
      path,
    });
  }
  for (const key of keys) {
    if (key.length > eventLimits.maxPropertyKeyLength) {
      return reject(walk, bag, {
        code: 'key_too_long',
        message: `A key of ${key.length} characters; at most ${eventLimits.maxPropertyKeyLength} are taken.`,
        path: `${path}.${cleanText(key.slice(0, 50))}`,
      });
    }
    if (key === '__proto__') {
      copy ??= copyWithout(bag, key);
      walk.removedKeys += 1;
      continue;
    }
    const value = bag[key];
    const cleaned = cleanValue(value, path, key, level, walk);
    if (walk.rejection !== null) return bag;
    const cleanKey = cleanText(key);
    if (cleaned === value && cleanKey === key) continue;
    copy ??= copyWithout(bag, '__proto__');
    if (cleanKey !== key) delete copy[key];
    copy[cleanKey] = cleaned;
  }
  return copy ?? bag;
}

function cleanArray(items: readonly unknown[], path: string, level: number, walk: Walk): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (let index = 0; index < items.length; index++) {
    const cleaned = cleanValue(items[index], path, index, level, walk);
    if (walk.rejection !== null) return items;
    if (cleaned === items[index]) continue;
    copy ??= [...items];
    copy[index] = cleaned;
  }
  return copy ?? items;
}

function cleanValue(value: unknown, path: string, key: string | number, level: number, walk: Walk): unknown {
  if (typeof value === 'string') return cleanString(value, walk);
  if (typeof value !== 'object' || value === null) return value;
  const valuePath = `${path}.${key}`;
  if (level >= eventLimits.maxDepth) {
    return reject(walk, value, {
      code: 'too_deep',
      message: `Nested deeper than ${eventLimits.maxDepth} levels.`,
      path: cleanText(valuePath),
    });
  }
  if (isList(value)) return cleanArray(value, valuePath, level + 1, walk);
  return isBag(value) ? cleanObject(value, valuePath, level + 1, walk) : value;
}

function cleanString(value: string, walk: Walk): string {
  if (value.length <= eventLimits.maxStringLength) return cleanText(value);
  walk.cutStrings += 1;
  return cleanText(cutText(value, eventLimits.maxStringLength));
}

function copyWithout(bag: Bag, left: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => key !== left));
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}

function reject<T>(walk: Walk, value: T, rejection: Rejection): T {
  walk.rejection = rejection;
  return value;
}
