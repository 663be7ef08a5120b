import { type EventRow, eventLimits, isBlockedId } from '@px-platform/schemas';
import { toHolderId, toOrigin } from './fact-origin.ts';
import type { IdentityFacts } from './identity-facts.ts';
import { addChanges, addTraits } from './property-changes.ts';

/**
 * Adds what a `group` event says: that the person belongs to `properties.group_id`, and the group's traits. An id that
 * names nobody, or longer than an id may be, is no group. Never throws.
 */
export function readGroup(row: EventRow, { changes, members }: Pick<IdentityFacts, 'changes' | 'members'>): void {
  const given = row.properties['group_id'];
  const group_id = typeof given === 'string' ? given.trim() : '';
  if (isBlockedId(group_id) || group_id.length > eventLimits.maxPersonIdLength) return;
  const origin = toOrigin(row);
  const holder = { ...origin, holder: 'group', id: group_id } as const;
  addTraits(row.traits, holder, changes);
  addChanges(row.traits, holder, changes);
  const id = toHolderId(row);
  if (id !== '') members.push({ ...origin, group_id, id });
}
