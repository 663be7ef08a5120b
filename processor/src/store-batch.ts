import { isAppError } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { EventStore, RowBatch } from '@px-platform/store';
import { nameHalf } from './name-half.ts';
import type { PipelineEvent } from './pipeline-event.ts';
import { toEventLetter } from './run-stage.ts';

/** The events of one range of a partition, ready to be stored. */
export interface EventBatch extends Omit<RowBatch, 'rows'> {
  readonly events: readonly PipelineEvent[];
}

/**
 * Stores a batch. Where the store refuses it for its data, it is halved until the refused rows stand
 * alone; those are given back as dead letters. Throws what else the store throws.
 */
export async function storeBatch(store: EventStore, batch: EventBatch): Promise<DeadLetter[]> {
  const { events, ...range } = batch;
  try {
    await store.insert({ ...range, rows: events.map((event) => event.row) });
    return [];
  } catch (error) {
    if (!isAppError(error, 'store_refused_rows')) throw error;
    const [only] = events;
    if (only === undefined) throw error;
    if (events.length === 1) return [toEventLetter(only, 'row_refused', 'store', error.cause ?? error)];
    const middle = Math.ceil(events.length / 2);
    return [
      ...(await storeBatch(store, { ...nameHalf(range, 0), events: events.slice(0, middle) })),
      ...(await storeBatch(store, { ...nameHalf(range, 1), events: events.slice(middle) })),
    ];
  }
}

/**
 * Stores a batch that another may have stored under the same name, or is storing now. An insert that spans months is several
 * parts and may have stopped between two: what the store lacks afterwards is given once more, under a name of its own.
 */
export async function storeMissing(store: EventStore, batch: EventBatch): Promise<DeadLetter[]> {
  const refused = await storeBatch(store, batch);
  const { name: _, events, ...range } = batch;
  const { logId, partition, firstOffset } = range;
  const held = await store.heldOf({ logId, partition, fromOffset: firstOffset });
  const settled = new Set([...held, ...refused.map((letter) => `${letter.offset}:${letter.index}`)]);
  const missing = events.filter((event) => {
    const { offset, index } = event.position;
    const place = `${offset}:${index}`;
    return !settled.has(place) && !settled.has(`${place}:${event.record.project_id}:${event.event.event_id}`);
  });
  return missing.length === 0 ? refused : [...refused, ...(await storeBatch(store, { ...range, events: missing }))];
}
