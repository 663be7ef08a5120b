import { eventLimits } from '@px-platform/schemas/limits';
import { setClock } from '../clock.ts';
import { count } from '../diagnostics.ts';
import { createId } from '../event/uuid-v7.ts';
import { get, isHeld, names, set } from '../person/store.ts';

/** Where an event is: to be sent, on its way, kept back, or gone. */
export const stage = { waiting: 0, flying: 1, held: 2, gone: 3 } as const;

/** An event as it waits: JSON texts, made in the call that tracked it, so that no later change of the page reaches it. */
export interface Entry {
  readonly itself: string;
  /** Its UTF-8 bytes. */
  readonly weight: number;
  /** What its batch shares: person, session, context but for the page. */
  readonly shared: string;
  /** The page it happened on. */
  readonly pageJson: string;
  /** Name in the store of what holds it: `<queue>.<serial>`, which sorts by time. */
  readonly keptAs: string;
  /** Says that it is of this page, whose queue has bounds, and not of a dead one. */
  readonly isOwn: boolean;
  stage: 0 | 1 | 2 | 3;
}

/** What the browser keeps for us at most. */
const maxEvents = 1_000;
const maxBytes = 256 * 1024;
/** The server counts an event with its share of the batch; the rest is for that share. */
const maxEventBytes = eventLimits.maxEventBytes - 8_000;

/** All that was not answered for, oldest first: of this page, and of dead ones. */
export let entries: Entry[] = [];
/** Name of this page's queue. */
export let queueName = '';
let serial = 1e6;
/** What stands in the store for the events to come: what they share, and their page. */
let framed: readonly string[] = [];
/** Holds the events of the task at hand. */
let chunk = '';
let events = 0;
let bytes = 0;

/** Begins a queue of its own. What is in the store is left to who takes it over. */
export function beginQueue(): void {
  queueName = `queue_${createId()}`;
  framed = [];
  entries = [];
  events = bytes = 0;
}

/**
 * Adds an event at the end. The store holds it once the task is over: one text for the events of a task, so that adding
 * costs the same at any length; what events share stands before the first of them. The oldest go when the bounds are
 * passed. Gives undefined where the event is too large. Never throws.
 */
export function add(itself: string, shared: string, pageJson: string): Entry | undefined {
  const weight = toWeight(itself);
  if (weight > maxEventBytes) return void lose('event_too_large');
  if (!entries[0]) setClock();
  const isNew = framed[0] !== shared || framed[1] !== pageJson;
  if (isNew) {
    framed = [shared, pageJson];
    set(toName(), framed.join('\n'));
  }
  // Never a text anew that was written: a growing one cost three times as much (docs/profile-sdk.md).
  if (isNew || !isHeld(chunk)) chunk = toName();
  const held = get(chunk);
  set(chunk, held ? `${held}\n${itself}` : itself);
  const entry = adopt(chunk, itself, shared, pageJson, true, weight);
  events += 1;
  bytes += weight;
  while (events > maxEvents || bytes > maxBytes) {
    remove(entries.filter(({ isOwn }) => isOwn).slice(0, 1));
    lose('queue_full');
  }
  return entry;
}

function toName(): string {
  serial += 1;
  return `${queueName}.${serial}`;
}

/** Adds an event that the store holds. */
export function adopt(
  keptAs: string,
  itself: string,
  shared: string,
  pageJson: string,
  isOwn = false,
  weight = toWeight(itself),
): Entry {
  const entry: Entry = {
    itself,
    weight,
    shared,
    pageJson,
    keptAs,
    isOwn,
    stage: stage.waiting,
  };
  entries.push(entry);
  return entry;
}

/** Forgets events that were answered for. */
export function remove(gone: readonly Entry[]): void {
  for (const entry of gone) {
    if (entry.isOwn && entry.stage !== stage.gone) {
      events -= 1;
      bytes -= entry.weight;
    }
    entry.stage = stage.gone;
  }
  entries = entries.filter((entry) => entry.stage !== stage.gone);
  for (const name of new Set(gone.map(({ keptAs }) => keptAs))) {
    set(name, entries.flatMap(({ keptAs, itself }) => (keptAs === name ? itself : [])).join('\n'));
    // With the last event of a queue goes what they shared.
    const [queue = ''] = name.split('.');
    if (!entries.some(({ keptAs }) => keptAs.startsWith(queue))) clear(queue);
  }
}

/** Takes a queue out of the store. */
export function clear(queue: string): void {
  framed = [];
  for (const name of names()) if (name.startsWith(queue)) set(name, '');
}

/** Gives the oldest that wait and share all but their page, within the limits; one at least, if any waits. */
export function take(mostEvents: number, mostBytes: number): Entry[] {
  const taken: Entry[] = [];
  let sum = 0;
  for (const entry of entries) {
    if (entry.stage) continue;
    sum += entry.weight;
    if (taken[0] && (taken[0].shared !== entry.shared || taken.length >= mostEvents || sum > mostBytes)) break;
    taken.push(entry);
  }
  return taken;
}

/** Gives the UTF-8 bytes of events. */
export function weigh(some: readonly Entry[]): number {
  return some.reduce((sum, { weight }) => sum + weight, 0);
}

/** Counts the bytes of a text in UTF-8. */
function toWeight(text: string): number {
  return /[^ -~]/.test(text) ? toBytes(text).length : text.length;
}

/** Gives a text as UTF-8. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
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
