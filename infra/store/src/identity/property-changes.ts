import type { FactOrigin, PropertyChange } from './identity-facts.ts';

/** Whose property is changed, and by what. */
export type ChangeOrigin = FactOrigin & Pick<PropertyChange, 'holder' | 'id'>;
type Bag = Readonly<Record<string, unknown>>;

const operators: ReadonlySet<string> = new Set(['$set', '$set_once', '$unset']);

/** Says whether a bag bears an operator. */
export function hasChanges(bag: Bag): boolean {
  return '$set' in bag || '$set_once' in bag || '$unset' in bag;
}

/** Adds a `set` for each of the traits that is no operator. */
export function addTraits(traits: Bag, origin: ChangeOrigin, changes: PropertyChange[]): void {
  for (const [property, value] of Object.entries(traits)) {
    if (!operators.has(property)) changes.push(toSet(origin, 'set', property, value));
  }
}

/** Adds what the bag's operators say: `$set` and `$set_once` are objects, `$unset` a list of names; others are ignored. */
export function addChanges(bag: Bag, origin: ChangeOrigin, changes: PropertyChange[]): void {
  for (const [property, value] of toEntries(bag['$set'])) changes.push(toSet(origin, 'set', property, value));
  for (const [property, value] of toEntries(bag['$set_once'])) changes.push(toSet(origin, 'set_once', property, value));
  const unset = bag['$unset'];
  if (!Array.isArray(unset)) return;
  for (const property of unset) {
    if (typeof property !== 'string') continue;
    changes.push({ ...origin, property, operation: 'set', is_unset: 1, value: '' });
  }
}

function toEntries(given: unknown): [string, unknown][] {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : [];
}

function toSet(
  origin: ChangeOrigin,
  operation: PropertyChange['operation'],
  property: string,
  value: unknown,
): PropertyChange {
  return { ...origin, property, operation, is_unset: 0, value: JSON.stringify(value) };
}
