import { eventLimits } from '@px-platform/schemas/limits';
import type { Entry } from '../delivery/queue.ts';
import type { Ground } from '../ports.ts';
import type { BeforeSend, OutgoingEvent } from '../px.ts';
import { joinBags, toBagText } from './json-text.ts';

/** What one event is recorded with, beside its name. */
export interface Recording {
  readonly properties?: unknown;
  readonly traits?: unknown;
  /** Of an event that names another person than its batch. */
  readonly userId?: string;
  /** Epoch ms; the call's own time where it is left out. */
  readonly at?: number;
  /** JSON of the page it happened on; the current one where it is left out. */
  readonly page?: string;
  /** Hides what looks secret, in JSON; for what the page did not write down itself. */
  readonly mask?: (json: string) => string;
}

/** Makes one event of a call, in the queue when it returns. Undefined where it was dropped, which is counted. */
export type Recorder = (name: unknown, recording: Recording) => Entry | undefined;

/** What a recorder is made of. */
export interface RecorderParts {
  /** Says whether this visitor is measured at all. */
  readonly isMeasured: () => boolean;
  /** JSON of the properties that every event bears, under its own; '' for none. */
  readonly superProperties: () => string;
  readonly hooks: BeforeSend[];
  /** JSON of what batches share: person, session, context. */
  readonly readShared: () => string;
  /** JSON of the page at hand. */
  readonly readPage: () => string;
  readonly add: (text: string, shared: string, page: string) => Entry | undefined;
}

/** Builds the recorder: name and properties -> wire event as JSON (contract 1). */
export function createRecorder({ now, count, newId }: Ground, parts: RecorderParts): Recorder {
  return (name, { at = now(), mask, userId, page, ...given }) => {
    const event = typeof name === 'string' ? name.trim() : '';
    const fixed = { event_id: newId(), timestamp: new Date(at).toISOString() };
    if (!event || event.length > eventLimits.maxEventNameLength) return void count('invalid_event_name');
    if (!parts.isMeasured()) return void count('not_measured');
    const own = toBagText(given.properties);
    const toText = (head: object, properties: string, traits: unknown) =>
      `${joinBags(toBagText(head), toBagText({ traits })).slice(0, -1)},"properties":${properties}}`;
    let text = toText(
      { event, ...fixed, user_id: userId },
      joinBags(parts.superProperties(), mask ? mask(own) : own),
      given.traits,
    );
    for (const hook of parts.hooks) {
      try {
        const before: OutgoingEvent = JSON.parse(text);
        const after = hook(before);
        if (after === null) return void count('dropped_by_hook');
        const { properties, traits, ...head } = after || before;
        text = toText({ ...head, ...fixed }, toBagText(properties), traits);
      } catch (error) {
        count('hook_failed', 1, error);
      }
    }
    return parts.add(text, parts.readShared(), page ?? parts.readPage());
  };
}
