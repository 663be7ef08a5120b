import { keyLimits } from '@px-platform/schemas/limits';
import type { EventQueue } from './queue/event-queue.ts';
import type { Beacon } from './transport-beacon.ts';

/** Beacons and keepalive requests of a page share 64 KiB in flight; the rest is for headers and chance. */
const maxBytes = 60_000;

/**
 * Hands what waits to the beacon while the page goes, in batches within the browser's quota. It stays in the queue,
 * since a beacon brings no answer: the next page sends what this one never saw acknowledged, and the server keeps one.
 */
export function handOver(queue: EventQueue, beacon: Beacon): void {
  let left = maxBytes;
  while (left > 0) {
    // JSON around the events takes its part of what is left; gzip gives it back on long batches.
    const batch = queue.take({ maxEvents: keyLimits.pub.maxEventsPerBatch, maxBytes: left });
    if (!batch) return;
    const bytes = beacon.hand(batch);
    if (bytes === null) return;
    queue.mark(batch.events, 'handed');
    left -= bytes;
  }
}
