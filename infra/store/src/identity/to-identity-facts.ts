import type { EventRow } from '@px-platform/schemas';
import type { IdentityFacts } from './identity-facts.ts';
import { readClaims } from './read-claims.ts';
import { readGroup } from './read-group.ts';
import { readPersonChanges } from './read-person-changes.ts';

/**
 * Reads what rows say of persons and groups: claims of identify and alias, members of group, and properties from `traits`
 * and from `$set`, `$set_once` and `$unset`. A visitor who denied analytics leaves nothing. Never throws.
 */
export function toIdentityFacts(rows: readonly EventRow[]): IdentityFacts {
  const facts: IdentityFacts = { claims: [], changes: [], members: [] };
  for (const row of rows) {
    if (row.consent_analytics === 'denied') continue;
    if (row.event === 'identify' || row.event === 'alias') facts.claims.push(...readClaims(row));
    if (row.event === 'group') readGroup(row, facts);
    readPersonChanges(row, facts.changes);
  }
  return facts;
}
