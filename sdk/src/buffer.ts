import type { After } from './ports.ts';
import type { EventQueue, QueuedEvent } from './queue/event-queue.ts';
import type { Transport } from './transport.ts';

/** When a batch goes: at so many events, bytes of JSON, or ms after the first. */
export interface BufferLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
}

/** Gathers events into batches and sends one at a time. Never throws. */
export interface Buffer {
  add(item: QueuedEvent): void;
  /** Looks again at what waits, after events came back to the queue. */
  check(): void;
  /** Sends what waits now, whatever the limits say. Resolves when it was answered for or put off; never rejects. */
  flush(): Promise<void>;
}

/** After the transport gave up, the buffer leaves the collector alone this long, unless somebody calls `flush`. */
const restMs = 5 * 60_000;

/** Builds the buffer over the queue, which holds the events; the transport takes them out of it. */
export function createBuffer(options: {
  queue: EventQueue;
  transport: Transport;
  after: After;
  limits: BufferLimits;
}): Buffer {
  const { queue, transport, after, limits } = options;
  let sending: Promise<void> | null = null;
  let cancelTimer: (() => void) | null = null;
  let isResting = false;

  const arm = (ms: number) => {
    cancelTimer ??= after(ms, () => {
      void flush();
    });
  };
  const disarm = () => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const check = () => {
    const { events, bytes } = queue.waiting();
    if (events === 0 || isResting || sending) return;
    if (events >= limits.maxEvents || bytes >= limits.maxBytes) void flush();
    else arm(limits.maxWaitMs);
  };
  const sendWaiting = async () => {
    let left = queue.waiting().events;
    while (left > 0) {
      const batch = queue.take(limits);
      if (!batch) return;
      left -= batch.events.length;
      const outcome = await transport.send(batch);
      if (outcome.kind !== 'retry') continue;
      isResting = true;
      arm(Math.max(outcome.afterMs, restMs));
      return;
    }
  };
  const flush = (): Promise<void> => {
    const turn = (sending ?? Promise.resolve()).then(() => {
      disarm();
      isResting = false;
      return sendWaiting();
    });
    const done = turn.then(() => {
      if (sending !== done) return;
      sending = null;
      check();
    });
    sending = done;
    return done;
  };

  return {
    add: (item) => {
      queue.add(item);
      check();
    },
    check,
    flush,
  };
}
