import { createCounts } from '../src/page/counts.ts';
import { openStorage } from '../src/person/storage.ts';
import type { Clock } from '../src/ports.ts';
import { createEventQueue, type QueuedEvent, type QueueLimits } from '../src/queue/event-queue.ts';
import { createFakeStorage } from './fake-storage.ts';

/** One object, as the client gives it while person and session stay. */
export const sampleDefaults = { anonymous_id: 'anon-1', session_id: '01890000-0000-7000-8000-000000000001' };

/** A queued event with a short id; `size` pads its properties. */
export function toSample(id: string, size = 0): QueuedEvent {
  return { event: { event: 'test', event_id: id, properties: { pad: 'x'.repeat(size) } }, defaults: sampleDefaults };
}

/** A queue over a storage of its own, with its counts. */
export function createSampleQueue(options: {
  clock: Clock;
  storage?: Storage;
  limits?: Partial<QueueLimits>;
  id?: string;
}) {
  const counts = createCounts();
  const raw = options.storage ?? createFakeStorage();
  const storage = openStorage(() => raw);
  const limits = { maxEvents: 1_000, maxBytes: 256_000, maxEventBytes: 50_000, ...options.limits };
  const keyPrefix = `q_${options.id ?? 'own'}.`;
  const queue = createEventQueue({ storage, keyPrefix, clock: options.clock, count: counts.count, limits });
  return { queue, storage, raw, counts };
}

/** The ids of events, in order. */
export function idsOf(events: readonly { event_id?: string }[] | undefined): (string | undefined)[] {
  return (events ?? []).map((event) => event.event_id);
}
