import type { EventStore, Uncommitted } from '@px-platform/store';
import type { Pipeline } from './pipeline.ts';

const sliceMs = 60_000;
const sessionsBackMs = 25 * 60 * 60 * 1000;

/**
 * Fills the dedupe window and the session book from the store, without what lies above the committed
 * positions: that is about to be made again, from the same state, and so comes out the same.
 */
export async function warm(options: {
  pipeline: Pipeline;
  store: EventStore;
  except: readonly Uncommitted[];
  /** Epoch ms. */
  now: number;
}): Promise<void> {
  const { pipeline, store, except, now } = options;
  // Ids are read a slice at a time: an hour at full load is millions of them.
  for (let from = pipeline.window.coveredSince; from <= now; from += sliceMs) {
    for (const id of await store.recentIds({ from, to: from + sliceMs }, except)) {
      pipeline.window.add(id.projectId, id.eventId, id.receivedAt);
    }
  }
  for (const session of await store.recentSessions(now - sessionsBackMs, except)) {
    const { sessionId: id, startAt, endAt, campaign } = session;
    pipeline.book.add(session.projectId, session.personKey, { id, startAt, endAt, campaign });
  }
}
