import type { EventStore, Uncommitted } from '@px-platform/store';
import type { Pipeline } from './pipeline.ts';
import { daysKnown } from './sessions/limits.ts';

const sliceMs = 60_000;
/** Later than any clock shows, and an instant that every store holds: epoch ms. */
const endOfTime = Date.UTC(2299, 0, 1);
const dayMs = 24 * 60 * 60 * 1000;
/** By so much, the records of a partition may be out of the order in which they were received. */
const disorderMs = 60 * 60 * 1000;

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
  /** When the oldest record above the committed positions was received, epoch ms: sessions are known as of then. */
  waitingSince: number;
}): Promise<void> {
  const { pipeline, store, except, now, waitingSince } = options;
  // Ids are read a slice at a time: an hour at full load is millions of them. What a server took whose clock is ahead is the last one's.
  for (let from = pipeline.window.coveredSince; from <= now; from += sliceMs) {
    const to = from + sliceMs > now ? endOfTime : from + sliceMs;
    for (const id of await store.recentIds({ from, to }, except)) {
      pipeline.window.add(id.projectId, id.eventId, id.receivedAt);
    }
  }
  const firstDay = Math.floor((waitingSince - disorderMs) / dayMs) - daysKnown;
  for (const session of await store.recentSessions(firstDay * dayMs, except, pipeline.book.maxSessions)) {
    const { projectId, personKey, sessionId: id, ...entry } = session;
    pipeline.book.add(projectId, personKey, { id, ...entry });
  }
}
