import type { PipelineEvent } from '../pipeline-event.ts';

/**
 * Rows that a crash left in the store above the committed positions, of all partitions. Their events are made again and not
 * inserted; and a copy of one of them in another partition, which may now be read first, must not take its place.
 */
export interface HeldRows {
  /** Whether this very row is stored. */
  has(event: PipelineEvent): boolean;
  /** Whether the event's id is stored as another row than its own. */
  isElsewhere(event: PipelineEvent): boolean;
  /** Forgets where an id is stored, once dedupe knows the id by itself. */
  forget(event: PipelineEvent): void;
  /** How many rows of a partition are stored, and the last offset at which one is: -1 where none is. */
  of(partition: number): { readonly rows: number; readonly lastOffset: number };
}

/** Builds them of what `heldOf` gives: `offset:index:project_id:event_id` of each row, by partition. Never throws. */
export function createHeldRows(places: ReadonlyMap<number, ReadonlySet<string>>): HeldRows {
  const rowOf = new Map<string, string>();
  const rows = new Set<string>();
  const lasts = new Map<number, number>();
  for (const [partition, held] of places) {
    for (const place of held) {
      const row = `${partition}:${place}`;
      rows.add(row);
      rowOf.set(place.slice(place.indexOf(':', place.indexOf(':') + 1) + 1), row);
      lasts.set(partition, Math.max(lasts.get(partition) ?? -1, Number.parseInt(place, 10)));
    }
  }
  return {
    has: (event) => rows.size > 0 && rows.has(toRow(event)),
    isElsewhere(event) {
      if (rowOf.size === 0) return false;
      const row = rowOf.get(toId(event));
      return row !== undefined && row !== toRow(event);
    },
    forget(event) {
      if (rowOf.size > 0) rowOf.delete(toId(event));
    },
    of: (partition) => ({ rows: places.get(partition)?.size ?? 0, lastOffset: lasts.get(partition) ?? -1 }),
  };
}

function toId({ record, event }: PipelineEvent): string {
  return `${record.project_id}:${event.event_id}`;
}

function toRow(event: PipelineEvent): string {
  const { partition, offset, index } = event.position;
  return `${partition}:${offset}:${index}:${toId(event)}`;
}
