import type { Count } from './ports.ts';
import type { EventQueue } from './queue/event-queue.ts';
import type { Transport } from './transport.ts';

/**
 * Wraps a transport: events stay in the queue until the collector answered for them, and wait there again after a
 * retry. Events that left the queue meanwhile (another page took them, or the bounds did) are not sent.
 */
export function persisting(inner: Transport, queue: EventQueue, count: Count): Transport {
  return {
    send: async (batch) => {
      const events = queue.mark(batch.events, 'flying');
      if (events.length === 0) return { kind: 'sent' };
      const outcome = await inner.send({ ...batch, events });
      if (outcome.kind === 'retry') queue.mark(events, 'waiting');
      else if (outcome.kind === 'sent') queue.remove(events);
      else if (outcome.code === 413 && events.length > 1) queue.mark(events, 'waiting');
      else {
        queue.remove(events);
        count(`rejected_${outcome.code}`, events.length);
      }
      return outcome;
    },
  };
}
