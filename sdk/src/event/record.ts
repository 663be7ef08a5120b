import { eventLimits } from '@px-platform/schemas/limits';
import { now } from '../clock.ts';
import { sendNow } from '../delivery/leave.ts';
import { add, type Entry } from '../delivery/queue.ts';
import { plan } from '../delivery/send.ts';
import { count, tell } from '../diagnostics.ts';
import { agrees } from '../person/consent.ts';
import { readPerson } from '../person/person.ts';
import type { BeforeSend, OutgoingEvent } from '../px.ts';
import { settings } from '../settings.ts';
import { readPage, readShared } from './context.ts';
import { joinBags, toBagText } from './json-text.ts';
import { readSuperProperties } from './super-properties.ts';
import { createId } from './uuid-v7.ts';

/** Plugins' hooks: they see each event in order, before those of the option `beforeSend`. */
export const hooks: BeforeSend[] = [];

/** What one event is recorded with, beside its name and properties. */
export interface Recording {
  readonly traits?: unknown;
  /** Of an event that names another person than its batch. */
  readonly user_id?: string;
  /** Epoch ms; the call's own time where it is left out. */
  readonly at?: number;
  /** JSON of the page it happened on; the current one where it is left out. */
  readonly page?: string;
  /** Hides what looks secret, in JSON; for what the page did not write down itself. */
  readonly mask?: (json: string) => string;
}

/**
 * Makes one event of a call, in the queue when it returns: name and properties -> wire event as JSON (contract 1).
 * Gives undefined where it was dropped, which is counted.
 */
export function record(
  name: unknown,
  properties?: unknown,
  { at = now(), page, mask = String, ...more }: Recording = {},
): Entry | undefined {
  const event = typeof name === 'string' ? name.trim() : '';
  if (!event || event.length > eventLimits.maxEventNameLength) return void count('invalid_event_name');
  const person = readPerson();
  const consent = { analytics: agrees('analytics'), ads: agrees('ads') };
  const isLeftOut = Number.parseInt(person[0].slice(-8), 16) >= (settings.sampleRate01 ?? 1) * 2 ** 32;
  if (consent.analytics === false || isLeftOut) return void count('not_measured');
  // A hook may go elsewhere, or change who is asked for.
  const frame = [readShared(person, consent), page ?? readPage(consent.ads)] as const;
  const fixed = { event_id: createId(), timestamp: new Date(at).toISOString() };
  const toText = (head: object, bag: string) => `${toBagText(head).slice(0, -1)},"properties":${bag}}`;
  let json = toText({ event, ...fixed, ...more }, joinBags(readSuperProperties(), mask(toBagText(properties))));
  for (const hook of [hooks, settings.beforeSend ?? []].flat(2)) {
    try {
      const before: OutgoingEvent = JSON.parse(json);
      const changed = hook(before);
      if (changed === null) return void count('dropped_by_hook');
      const { properties: bag, ...head } = typeof changed === 'object' ? changed : before;
      json = toText({ ...head, ...fixed }, toBagText(bag));
    } catch (error) {
      count('hook_failed', 1, error);
    }
  }
  const entry = add(json, ...frame);
  tell('recorded', json);
  // A hidden page may never run again. What one task tells goes together.
  if (document.hidden) queueMicrotask(sendNow);
  else plan();
  return entry;
}
