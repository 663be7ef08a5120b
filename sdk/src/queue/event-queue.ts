import type { BatchDefaults, WireEvent } from '@px-platform/schemas/wire-event';
import type { KeyValueStore } from '../person/storage.ts';
import type { Clock, Count } from '../ports.ts';
import type { Batch } from '../transport.ts';

/** An event with all it needs to be sent later, from another page. */
export interface QueuedEvent {
  readonly event: WireEvent & { readonly event_id: string };
  /** Shared by many events: the same object while nothing in it changed. */
  readonly defaults: BatchDefaults;
}

/** Where an event is: `waiting` to be sent, `flying` in a request, `handed` to a beacon that cannot answer. */
type State = 'waiting' | 'flying' | 'handed';

/** Holds every event until the collector answered for it, in order. Never throws. */
export interface EventQueue {
  /** Durable when it returns, where the browser lets it be. The oldest go when the bounds are passed. */
  add(item: QueuedEvent): void;
  /** Puts events of an earlier page before all others. */
  adopt(items: readonly QueuedEvent[]): void;
  /** What waits: events, and bytes of their JSON. */
  waiting(): { readonly events: number; readonly bytes: number };
  /** The oldest that wait and share their defaults, within the limits (one event at least), or null. */
  take(limits: { maxEvents: number; maxBytes: number }): Batch | null;
  /** Marks events; those that are not here any more are left out of the answer. */
  mark(events: readonly WireEvent[], state: State): WireEvent[];
  /** Forgets events that were answered for. */
  remove(events: readonly WireEvent[]): void;
  /** Lets what was handed to beacons wait again. */
  reclaim(): void;
  /** Forgets what another page took out of the storage meanwhile. */
  reload(): void;
}

/** Bounds of the queue: sizes in bytes of JSON. A longer event than `maxEventBytes` is dropped and counted. */
export interface QueueLimits {
  readonly maxEventBytes: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
}

interface Entry extends QueuedEvent {
  readonly key: string;
  readonly bytes: number;
  state: State;
}

const encoder = new TextEncoder();

/** Builds the queue of one page, one storage key per event (`keyPrefix` + time and number), so that adding costs the same at any length. */
export function createEventQueue(options: {
  storage: KeyValueStore;
  keyPrefix: string;
  clock: Clock;
  count: Count;
  limits: QueueLimits;
}): EventQueue {
  const { storage, clock, count, limits } = options;
  let entries = new Map<string, Entry>();
  let bytes = 0;
  let waitingEvents = 0;
  let waitingBytes = 0;
  let serial = 0;
  /** Many events share one object: it becomes text once. */
  let known: { defaults: BatchDefaults | null; json: string } = { defaults: null, json: '' };

  const setState = (entry: Entry, state: State) => {
    const step = Number(state === 'waiting') - Number(entry.state === 'waiting');
    waitingEvents += step;
    waitingBytes += step * entry.bytes;
    entry.state = state;
  };
  const toText = (eventJson: string, defaults: BatchDefaults) => {
    if (known.defaults !== defaults) known = { defaults, json: JSON.stringify(defaults) };
    return `{"event":${eventJson},"defaults":${known.json}}`;
  };
  const insert = (into: Map<string, Entry>, { event, defaults }: QueuedEvent) => {
    const json = JSON.stringify(event);
    const size = encoder.encode(json).length;
    if (size > limits.maxEventBytes) {
      count('event_too_large');
      return;
    }
    serial += 1;
    const key = `${options.keyPrefix}${clock().toString(36).padStart(9, '0')}-${serial.toString(36).padStart(4, '0')}`;
    storage.set(key, toText(json, defaults));
    bytes += size;
    waitingEvents += 1;
    waitingBytes += size;
    into.set(event.event_id, { event, defaults, key, bytes: size, state: 'waiting' });
  };
  const drop = (entry: Entry) => {
    setState(entry, 'flying');
    bytes -= entry.bytes;
    entries.delete(entry.event.event_id);
    storage.remove(entry.key);
  };
  const enforceLimits = () => {
    for (const entry of entries.values()) {
      if (entries.size <= limits.maxEvents && bytes <= limits.maxBytes) return;
      drop(entry);
      count('queue_full');
    }
  };

  return {
    add: (item) => {
      insert(entries, item);
      enforceLimits();
    },
    adopt: (items) => {
      const later = entries;
      entries = new Map();
      for (const item of items) if (!later.has(item.event.event_id)) insert(entries, item);
      for (const [id, entry] of later) entries.set(id, entry);
      enforceLimits();
    },
    waiting: () => ({ events: waitingEvents, bytes: waitingBytes }),
    take: ({ maxEvents, maxBytes }) => {
      const taken: Entry[] = [];
      let size = 0;
      for (const entry of entries.values()) {
        if (entry.state !== 'waiting') continue;
        const first = taken[0] ?? entry;
        if (taken.length > 0 && (size + entry.bytes > maxBytes || !hasSameDefaults(first, entry))) break;
        taken.push(entry);
        size += entry.bytes;
        if (taken.length >= maxEvents) break;
      }
      const [first] = taken;
      return first ? { ...first.defaults, events: taken.map((entry) => entry.event) } : null;
    },
    mark: (events, state) =>
      events.filter((event) => {
        const entry = entries.get(event.event_id ?? '');
        if (entry) setState(entry, state);
        return entry !== undefined;
      }),
    remove: (events) => {
      for (const event of events) {
        const entry = entries.get(event.event_id ?? '');
        if (entry) drop(entry);
      }
    },
    reclaim: () => {
      for (const entry of entries.values()) if (entry.state === 'handed') setState(entry, 'waiting');
    },
    reload: () => {
      for (const entry of [...entries.values()]) {
        if (storage.get(entry.key) === null) drop(entry);
      }
    },
  };
}

function hasSameDefaults(one: QueuedEvent, other: QueuedEvent): boolean {
  return one.defaults === other.defaults || JSON.stringify(one.defaults) === JSON.stringify(other.defaults);
}
