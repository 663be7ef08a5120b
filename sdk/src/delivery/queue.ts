import { eventLimits } from '@px-platform/schemas/limits';
import type { Store } from '../person/store.ts';
import type { Count } from '../ports.ts';

/** Where an event is: to be sent, on its way (in a request, or with a beacon that can't answer), kept back, or gone. */
export const state = { waiting: 0, flying: 1, held: 2, gone: 3 } as const;

/** An event as it waits: JSON texts, made in the call that tracked it, so that no later change of the page reaches it. */
export interface Entry {
  /** The event's JSON object. */
  readonly text: string;
  /** JSON object of what its batch shares: person, session, context without the page. */
  readonly shared: string;
  /** JSON object of the page it happened on. */
  readonly page: string;
  /** UTF-8 bytes of `text`. */
  readonly bytes: number;
  /** Its place in the store. */
  readonly name: string;
  state: 0 | 1 | 2 | 3;
}

/** Holds every event until the collector answered for it, in order. Never throws. */
export interface Queue {
  /** In the store when it returns. The oldest go when the bounds are passed. Gives undefined where the event is too large. */
  readonly add: (text: string, shared: string, page: string) => Entry | undefined;
  /** Adds events of an earlier page, before all others. */
  readonly adopt: (addAll: () => void) => void;
  readonly all: () => readonly Entry[];
  /** The oldest that wait and share all but the page, within the limits; one at least, if any waits. */
  readonly take: (maxEvents: number, maxBytes: number) => Entry[];
  /** Forgets events that were answered for. */
  readonly remove: (entries: readonly Entry[]) => void;
}

/** What the browser keeps for us at most. */
const maxEvents = 1_000;
const maxBytes = 256 * 1024;
/** The server counts an event with its share of the batch; the rest is for that share. */
const maxEventBytes = eventLimits.maxEventBytes - 8_000;

/**
 * Builds the queue of one page. Each event is a text of its own in the store, named `<name>.<serial>`, so that adding
 * costs the same at any length; what events share stands before the first of them, told by its line break. `lose` hears
 * of each event that the bounds cost.
 */
export function createQueue(store: Store, name: string, lose: Count): Queue {
  let entries: Entry[] = [];
  let bytes = 0;
  let serial = 1e6;
  let frame = '';
  let frames: string[] = [];
  const put = (text: string) => {
    serial += 1;
    store.set(`${name}.${serial}`, text);
    return `${name}.${serial}`;
  };
  const remove = (gone: readonly Entry[]) => {
    for (const entry of gone) {
      if (entry.state !== state.gone) bytes -= entry.bytes;
      entry.state = state.gone;
      store.set(entry.name, '');
    }
    entries = entries.filter((entry) => entry.state !== state.gone);
    if (entries[0]) return;
    for (const place of frames) store.set(place, '');
    frames = [];
    frame = '';
  };
  return {
    add: (text, shared, page) => {
      const size = new TextEncoder().encode(text).length;
      if (size > maxEventBytes) return void lose('event_too_large');
      if (frame !== `${shared}\n${page}`) {
        frame = `${shared}\n${page}`;
        frames.push(put(frame));
      }
      const entry: Entry = { text, shared, page, bytes: size, name: put(text), state: state.waiting };
      entries.push(entry);
      bytes += size;
      while (entries.length > maxEvents || bytes > maxBytes) {
        remove(entries.slice(0, 1));
        lose('queue_full');
      }
      return entry;
    },
    adopt: (addAll) => {
      const later = entries;
      entries = [];
      addAll();
      entries.push(...later);
    },
    all: () => entries,
    take: (mostEvents, mostBytes) => {
      const taken: Entry[] = [];
      let size = 0;
      for (const entry of entries) {
        if (entry.state) continue;
        size += entry.bytes;
        if (taken[0] && (size > mostBytes || taken[0].shared !== entry.shared || taken.length >= mostEvents)) break;
        taken.push(entry);
      }
      return taken;
    },
    remove,
  };
}
