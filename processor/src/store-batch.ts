import { isAppError } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { EventStore, RowBatch } from '@px-platform/store';
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
      ...(await storeBatch(store, { ...range, events: events.slice(0, middle) })),
      ...(await storeBatch(store, { ...range, events: events.slice(middle) })),
    ];
  }
}
