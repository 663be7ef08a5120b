import type { StoreInspection } from '@px-platform/store/inspection';
import type { LedgerRow } from './compare-rows.ts';

/** Rows are read in so many slices, so that no answer is large. */
const slices = 32;

/** Reads every row of `events` as it lies there: without FINAL, so that copies not merged yet are seen. */
export async function* readRows(store: StoreInspection): AsyncGenerator<LedgerRow> {
  for (let slice = 0; slice < slices; slice += 1) {
    const rows = await store.ask(`
SELECT toString(event_id), request_id, concat(anonymous_id, ' ', event, ' ', toString(properties.step))
FROM events
WHERE cityHash64(event_id) % ${slices} = ${slice}`);
    for (const [eventId, requestId, content] of rows) {
      yield { eventId: String(eventId), requestId: String(requestId), content: String(content) };
    }
  }
}
