import { isBlockedId, toTombstoneHash } from '@px-platform/schemas';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';
import type { TombstoneBook } from '../purge/tombstone-book.ts';

/**
 * Drops what would bring a purged person back: an event that was received or made, by its corrected time, before the purge and
 * bears one of its ids or its mail address. What the person does afterwards is taken. Never throws. Source: docs/privacy.md.
 */
export function createPurgedStage(tombstones: TombstoneBook): Stage {
  return {
    name: 'purged',
    run(event) {
      const projectId = event.record.project_id;
      if (!tombstones.has(projectId)) return event;
      const before = Math.min(event.record.received_at, event.timestamp);
      const isLate = (kind: 'id' | 'email', value: unknown): boolean => {
        if (typeof value !== 'string' || value === '' || (kind === 'id' && isBlockedId(value))) return false;
        const purgedAt = tombstones.of(projectId, toTombstoneHash(projectId, kind, value));
        return purgedAt !== null && before <= purgedAt;
      };
      const { anonymous_id, user_id, properties, traits } = event.event;
      const isPurged =
        isLate('id', anonymous_id) ||
        isLate('id', user_id) ||
        isLate('email', properties?.['email']) ||
        isLate('email', traits?.['email']) ||
        isLate('id', toPreviousId(event));
      return isPurged ? { kind: 'drop', reason: 'purged' } : event;
    },
  };
}

/** An alias speaks of an id that would be joined again. */
function toPreviousId({ event }: PipelineEvent): unknown {
  return event.event === 'alias' ? event.properties?.['previous_id'] : undefined;
}
