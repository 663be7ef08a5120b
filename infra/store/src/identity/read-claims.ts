import { type EventRow, eventLimits, isBlockedId } from '@px-platform/schemas';
import { toOrigin } from './fact-origin.ts';
import type { IdentityClaim } from './identity-facts.ts';

/**
 * Gives what an identify or alias claims. Both make their `user_id` known; identify says that `anonymous_id` is the user,
 * alias that `properties.previous_id` is, which may turn out to hold the other way round. Where one of the two names
 * nobody, the claim is `blocked`: it is logged and joins nothing. Never throws.
 */
export function readClaims(row: EventRow): IdentityClaim[] {
  const source = row.event === 'alias' ? 'alias' : 'identify';
  const id = source === 'alias' ? readPreviousId(row) : row.anonymous_id;
  const { user_id } = row;
  const origin = toOrigin(row);
  const claims: IdentityClaim[] = [];
  const isNamed = !isBlockedId(user_id);
  if (isNamed) claims.push({ ...origin, id: user_id, user_id, source: 'known' });
  if (id === '' || user_id === '' || id === user_id) return claims;
  if (!isNamed || isBlockedId(id)) return [...claims, { ...origin, id, user_id, source: 'blocked' }];
  claims.push({ ...origin, id, user_id, source });
  if (source === 'alias') claims.push({ ...origin, id: user_id, user_id: id, source: 'alias_back' });
  return claims;
}

/** '' where there is none, or one longer than an id may be. */
function readPreviousId(row: EventRow): string {
  const id = row.properties['previous_id'];
  if (typeof id !== 'string') return '';
  const trimmed = id.trim();
  return trimmed.length > eventLimits.maxPersonIdLength ? '' : trimmed;
}
