import type { EventStore, LogShare, Uncommitted } from '@px-platform/store';
import type { Pipeline } from './pipeline.ts';
import { daysKnown } from './sessions/limits.ts';

/** Ids are read a slice of the window at a time: an hour at full load is millions of them. */
const firstSliceMs = 60_000;
/** Each slice reads the same parts of the table again, so it grows while it gives few ids; not further, as a quiet time may end in it. */
const maxSliceMs = 8 * firstSliceMs;
const fewIds = 50_000;
/** Later than any clock shows, and an instant that every store holds: epoch ms. */
const endOfTime = Date.UTC(2299, 0, 1);
const dayMs = 24 * 60 * 60 * 1000;
/** By so much, the records of a partition may be out of the order in which they were received. */
const disorderMs = 60 * 60 * 1000;

/**
 * Fills the dedupe window and the session book from the store, without what lies above the committed
 * positions: that is about to be made again, from the same state, and so comes out the same. With a share of the log, without what
 * is certainly others'.
 */
export async function warm(options: {
  pipeline: Pipeline;
  store: EventStore;
  except: readonly Uncommitted[];
  /** Epoch ms. */
  now: number;
  /** When the oldest record above the committed positions was received, epoch ms: sessions are known as of then. */
  waitingSince: number;
  share?: LogShare;
}): Promise<void> {
  const { pipeline, store, except, now, waitingSince, share } = options;
  let sliceMs = firstSliceMs;
  for (let from = pipeline.window.coveredSince; from <= now; ) {
    const end = from + sliceMs;
    // What a server took whose clock is ahead is the last slice's.
    const ids = await store.recentIds({ from, to: end > now ? endOfTime : end }, except, share);
    for (const id of ids) pipeline.window.add(id.projectId, id.eventId, id.receivedAt);
    sliceMs = ids.length < fewIds ? Math.min(sliceMs * 2, maxSliceMs) : firstSliceMs;
    from = end;
  }
  const firstDay = Math.floor((waitingSince - disorderMs) / dayMs) - daysKnown;
  const sessions = await store.recentSessions(firstDay * dayMs, except, pipeline.book.maxSessions, share);
  for (const session of sessions) {
    const { projectId, personKey, sessionId: id, ...entry } = session;
    pipeline.book.add(projectId, personKey, { id, ...entry });
  }
}
