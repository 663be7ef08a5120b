import type { AcceptedEvent, EventResult, RejectionCode } from '@px-platform/schemas';
import { type EventRules, validateEvent } from './validate-event.ts';
import type { Validated } from './validated.ts';

/** What became of a request's events. */
export interface ValidatedBatch<Event = AcceptedEvent> {
  readonly accepted: readonly Event[];
  readonly rejectedCodes: readonly RejectionCode[];
  /** One of each event, in the order sent. */
  readonly results: readonly EventResult[];
  readonly cutStrings: number;
  readonly removedKeys: number;
}

/** Parses events one by one: unknown -> accepted, rejected. A bad event takes no other with it. Never throws. */
export function validateBatch(events: readonly unknown[], rules: EventRules): ValidatedBatch {
  return validateEach(events, (raw) => validateEvent(raw, rules));
}

/** As `validateBatch`, of events of any kind. */
export function validateEach<Event extends { readonly event_id: string }>(
  events: readonly unknown[],
  validate: (raw: unknown) => Validated<Event>,
): ValidatedBatch<Event> {
  const accepted: Event[] = [];
  const rejectedCodes: RejectionCode[] = [];
  const results: EventResult[] = [];
  let cutStrings = 0;
  let removedKeys = 0;
  for (const [index, raw] of events.entries()) {
    const validated = validate(raw);
    if (validated.kind === 'rejected') {
      rejectedCodes.push(validated.rejection.code);
      results.push({ index, event_id: readId(raw), status: 'rejected', error: validated.rejection });
      continue;
    }
    accepted.push(validated.event);
    cutStrings += validated.cutStrings;
    removedKeys += validated.removedKeys;
    results.push({ index, event_id: validated.event.event_id, status: 'accepted' });
  }
  return { accepted, rejectedCodes, results, cutStrings, removedKeys };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id that a refused event came with, where it has one, so that the client can tell which it was. */
function readId(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null || !('event_id' in raw)) return null;
  return typeof raw.event_id === 'string' && uuid.test(raw.event_id) ? raw.event_id.toLowerCase() : null;
}
