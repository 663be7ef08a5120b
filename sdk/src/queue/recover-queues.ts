import type { KeyValueStore } from '../person/storage.ts';
import type { Clock, Count } from '../ports.ts';
import type { QueuedEvent } from './event-queue.ts';
import type { Ownership } from './ownership.ts';

/** Keys are `<keyPrefix><queueId>.<base36 epoch ms>-<base36 number>`. */
const keyPattern = /^([\da-z-]+)\.([\da-z]+)-[\da-z]+$/;

/**
 * Takes over, oldest first, the events of queues in the storage that no page owns: what an earlier page could not
 * deliver. Events older than `maxAgeMs` and what is not an event are dropped and counted. Never throws.
 */
export function recoverQueues(options: {
  storage: KeyValueStore;
  keyPrefix: string;
  ownQueueId: string;
  ownership: Ownership;
  clock: Clock;
  count: Count;
  maxAgeMs: number;
  adopt: (items: QueuedEvent[]) => void;
}): void {
  const { storage, keyPrefix, ownership, clock, count } = options;
  const queues = new Set<string>();
  for (const key of storage.keys()) {
    const queueId = key.startsWith(keyPrefix) ? keyPattern.exec(key.slice(keyPrefix.length))?.[1] : undefined;
    if (queueId !== undefined && queueId !== options.ownQueueId) queues.add(queueId);
  }
  for (const queueId of queues) {
    ownership.ifOrphaned(queueId, () => {
      const keys = storage.keys().filter((key) => key.startsWith(`${keyPrefix}${queueId}.`));
      const items: QueuedEvent[] = [];
      for (const key of keys.sort()) {
        const madeAt = Number.parseInt(keyPattern.exec(key.slice(keyPrefix.length))?.[2] ?? '', 36);
        const item = parseQueuedEvent(storage.get(key));
        if (item === null) count('queue_unreadable');
        else if (clock() - madeAt > options.maxAgeMs) count('queue_expired');
        else items.push(item);
      }
      options.adopt(items);
      for (const key of keys) storage.remove(key);
    });
  }
}

function parseQueuedEvent(text: string | null): QueuedEvent | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isQueuedEvent(value) ? value : null;
  } catch {
    return null;
  }
}

/** What stands under our keys was written by us: a broken write shows in the frame, and the server checks the rest. */
function isQueuedEvent(value: unknown): value is QueuedEvent {
  if (typeof value !== 'object' || value === null || !('event' in value) || !('defaults' in value)) return false;
  const { event, defaults } = value;
  if (typeof event !== 'object' || event === null || typeof defaults !== 'object' || defaults === null) return false;
  return 'event_id' in event && typeof event.event_id === 'string';
}
