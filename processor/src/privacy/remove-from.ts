/** An object of free shape: `properties` or `traits`. */
export type Bag = Readonly<Record<string, unknown>>;

/** Says whether a value goes, by its key ('' in a list) and itself. */
export type IsRemoved = (key: string, value: unknown) => boolean;

/**
 * Gives the bag without what `isRemoved` says, at any depth and in lists: the bag itself where nothing goes, else a copy. Ingest
 * bounds the depth, so no input overflows the stack. Never throws.
 */
export function removeFrom(bag: Bag, isRemoved: IsRemoved): Bag {
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(bag)) {
    const value = bag[key];
    if (isRemoved(key, value)) {
      copy ??= { ...bag };
      delete copy[key];
      continue;
    }
    const cleaned = removeWithin(value, isRemoved);
    if (cleaned === value) continue;
    copy ??= { ...bag };
    copy[key] = cleaned;
  }
  return copy ?? bag;
}

function removeWithin(value: unknown, isRemoved: IsRemoved): unknown {
  if (Array.isArray(value)) return removeFromList(value, isRemoved);
  return isBag(value) ? removeFrom(value, isRemoved) : value;
}

function removeFromList(list: readonly unknown[], isRemoved: IsRemoved): readonly unknown[] {
  const kept = list.filter((value) => !isRemoved('', value)).map((value) => removeWithin(value, isRemoved));
  return kept.length === list.length && kept.every((value, at) => value === list[at]) ? list : kept;
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null;
}
