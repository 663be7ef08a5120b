import { isBlockedId, toTombstoneHash } from '@px-platform/schemas';
import type { PurgeSubject } from '@px-platform/store';
import type { PipelineEvent } from '../pipeline-event.ts';
import type { TombstoneBook } from './tombstone-book.ts';

/**
 * Gives by what an event would bring a purged person back, an id or a mail address: it was received or made, by its corrected time,
 * before the purge. Null where it would not. Never throws.
 */
export function findPurged(tombstones: TombstoneBook, event: PipelineEvent): PurgeSubject | null {
  const projectId = event.record.project_id;
  if (!tombstones.has(projectId)) return null;
  const before = Math.min(event.record.received_at, event.timestamp);
  for (const { kind, value } of toSubjects(event)) {
    if (typeof value !== 'string' || value === '' || (kind !== 'email' && isBlockedId(value))) continue;
    const purgedAt = tombstones.of(projectId, toTombstoneHash(projectId, kind === 'email' ? 'email' : 'id', value));
    if (purgedAt !== null && before <= purgedAt) return { kind, value };
  }
  return null;
}

function toSubjects({ event }: PipelineEvent): { readonly kind: PurgeSubject['kind']; readonly value: unknown }[] {
  const { anonymous_id, user_id, properties, traits } = event;
  return [
    { kind: 'anonymous_id', value: anonymous_id },
    { kind: 'user_id', value: user_id },
    { kind: 'email', value: properties?.['email'] },
    { kind: 'email', value: traits?.['email'] },
    // An alias speaks of an id that would be joined again.
    { kind: 'anonymous_id', value: event.event === 'alias' ? properties?.['previous_id'] : undefined },
  ];
}
