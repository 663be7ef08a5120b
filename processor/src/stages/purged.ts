import type { Stage } from '../pipeline-event.ts';
import { findPurged } from '../purge/find-purged.ts';
import type { TombstoneBook } from '../purge/tombstone-book.ts';

/**
 * Drops what would bring a purged person back: an event that was received or made, by its corrected time, before the purge and
 * bears one of its ids or its mail address. What the person does afterwards is taken. Never throws. Source: docs/privacy.md.
 */
export function createPurgedStage(tombstones: TombstoneBook): Stage {
  return {
    name: 'purged',
    run: (event) => (findPurged(tombstones, event) === null ? event : { kind: 'drop', reason: 'purged' }),
  };
}
