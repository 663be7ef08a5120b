import type { EventRow } from '@px-platform/schemas';
import type { EventStore } from '../src/event-store.ts';
import { sampleId, sampleRow } from './sample-row.ts';

/** The id of row `index` of `storeEvents` in this partition. */
export function eventId(partition: number, index: number): string {
  return sampleId(partition * 1_000_000 + index);
}

/** Stores one batch of one project; what a test speaks of stands in `events`, ids and offsets are made. */
export async function storeEvents(
  store: EventStore,
  { projectId, partition, firstOffset = 0 }: { projectId: string; partition: number; firstOffset?: number },
  events: readonly Partial<EventRow>[],
): Promise<void> {
  const rows = events.map((own, at) => {
    const timestamp = own.timestamp ?? Date.UTC(2026, 4, 1);
    return sampleRow({
      project_id: projectId,
      event_id: eventId(partition, firstOffset + at),
      timestamp,
      received_at: timestamp,
      day: new Date(timestamp).toISOString().slice(0, 10),
      _log: 'log-reader',
      _partition: partition,
      _offset: firstOffset + at,
      ...own,
    });
  });
  const lastOffset = firstOffset + rows.length - 1;
  await store.insert({ logId: 'log-reader', partition, firstOffset, lastOffset, rows });
}
