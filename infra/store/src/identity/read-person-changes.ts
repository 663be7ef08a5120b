import type { EventRow } from '@px-platform/schemas';
import { toHolderId, toOrigin } from './fact-origin.ts';
import type { PropertyChange } from './identity-facts.ts';
import { addChanges, addTraits, hasChanges } from './property-changes.ts';

/**
 * Adds what a row sets on its person: the traits of an identify, and `$set`, `$set_once` and `$unset` in its traits or in
 * the properties of any event. Never throws.
 */
export function readPersonChanges(row: EventRow, changes: PropertyChange[]): void {
  const isIdentify = row.event === 'identify';
  if (!isIdentify && !hasChanges(row.properties)) return;
  const id = toHolderId(row);
  if (id === '') return;
  const holder = { ...toOrigin(row), holder: 'person', id } as const;
  if (isIdentify) {
    addTraits(row.traits, holder, changes);
    addChanges(row.traits, holder, changes);
  }
  addChanges(row.properties, holder, changes);
}
