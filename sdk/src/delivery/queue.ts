import { eventLimits } from '@px-platform/schemas/limits';
import { setClock } from '../clock.ts';
import { count } from '../diagnostics.ts';
import { createId } from '../event/uuid-v7.ts';
import { get, isHeld, names, set } from '../person/store.ts';

/** Where an event is: to be sent, on its way (in a request, or with a beacon that can't answer), kept back, or gone. */
export const stage = { waiting: 0, flying: 1, held: 2, gone: 3 } as const;

/** An event as it waits: JSON texts, made in the call that tracked it, so that no later change of the page reaches it. */
export interface Entry {
  readonly itself: string;
  /** What its batch shares: person, session, context but for the page. */
  readonly shared: string;
  /** The page it happened on. */
  readonly pageJson: string;
  /** Its name in the store: `<queue>.<serial>`, which sorts by time. */
  readonly keptAs: string;
  stage: 0 | 1 | 2 | 3;
}

/** What the browser keeps for us at most. Lengths of JSON, in which what is not ASCII counts less than its bytes. */
const maxEvents = 1_000;
const maxLength = 256 * 1024;
/** The server counts an event with its share of the batch; the rest is for that share. */
const maxEventLength = eventLimits.maxEventBytes - 8_000;

/** All that was not answered for, oldest first: of this page, and of dead ones. */
export let entries: Entry[] = [];
/** Name of this page's queue. */
export let queueName = '';
let serial = 1e6;
/** What stands in the store for the events to come: what they share, and their page. */
let framing = '';

/** Begins a queue of its own. What is in the store is left to who takes it over; the rest can be nowhere else. */
export function beginQueue(): void {
  queueName = `queue_${createId()}`;
  framing = '';
  entries = entries.filter(({ keptAs }) => isHeld(keptAs));
  mark(entries, stage.waiting);
}

/**
 * Adds an event at the end, and to the store before it returns: a text of its own, so that adding costs the same at any
 * length; what events share stands before the first of them. The oldest go when the bounds are passed. Gives undefined
 * where the event is too large. Never throws.
 */
export function add(itself: string, shared: string, pageJson: string): Entry | undefined {
  if (itself.length > maxEventLength) return void lose('event_too_large');
  if (!entries[0]) setClock();
  if (framing !== `${shared}\n${pageJson}`) {
    framing = `${shared}\n${pageJson}`;
    put(framing);
  }
  const entry = adopt(put(itself), itself, shared, pageJson);
  for (;;) {
    const own = entries.filter(({ keptAs }) => keptAs.startsWith(queueName));
    if (own.length <= maxEvents && measure(own) <= maxLength) return entry;
    remove(own.slice(0, 1));
    lose('queue_full');
  }
}

function put(json: string): string {
  serial += 1;
  const name = `${queueName}.${serial}`;
  set(name, json);
  return name;
}

/** Adds an event that stands in the store. */
export function adopt(keptAs: string, itself: string, shared: string, pageJson: string): Entry {
  const entry: Entry = { itself, shared, pageJson, keptAs, stage: stage.waiting };
  entries.push(entry);
  return entry;
}

/** Forgets events that were answered for. */
export function remove(gone: readonly Entry[]): void {
  for (const entry of gone) {
    entry.stage = stage.gone;
    set(entry.keptAs, '');
  }
  entries = entries.filter((entry) => entry.stage !== stage.gone);
  // With the last event of a queue goes what they shared.
  for (const queue of new Set(gone.map(({ keptAs }) => keptAs.split('.')[0] ?? ''))) {
    if (!entries.some(({ keptAs }) => keptAs.startsWith(queue))) clear(queue);
  }
}

/** Takes a queue out of the store. */
export function clear(queue: string): void {
  framing = '';
  for (const name of names()) if (name.startsWith(queue)) set(name, '');
}

/** Gives the oldest that wait and share all but their page, within the limits; one at least, if any waits. */
export function take(mostEvents: number, mostLength: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    if (entry.stage) continue;
    if (
      taken[0] &&
      (taken[0].shared !== entry.shared || taken.length >= mostEvents || measure([...taken, entry]) > mostLength)
    )
      break;
    taken.push(entry);
  }
  return taken;
}

/** Gives the length of events as JSON. */
export function measure(some: readonly Entry[]): number {
  return some.map(({ itself }) => itself).join().length;
}

/** Says where events are now, but for those that are gone. */
export function mark(some: readonly Entry[], next: 0 | 1): void {
  for (const entry of some) if (entry.stage !== stage.gone) entry.stage = next;
}

/** Counts an event that is lost, here and for the collector to hear. */
export function lose(reason: string): void {
  count(reason);
  set('lost', `${Number(get('lost')) + 1}`);
}
