import type { AcceptedEvent, EventResult, Rejection, RejectionCode } from '@px-platform/schemas';
import { isBag } from '../ingest/clean-bag.ts';
import type { EventRules } from '../ingest/validate-event.ts';
import { validateEvent } from '../ingest/validate-event.ts';
import type { ParsedCall } from './parse-calls.ts';
import { type CallType, type TranslatedCall, toWireEvent } from './to-wire-event.ts';

/** An accepted call: its event, and where its visitor is where the caller speaks for one. */
export interface AcceptedCall {
  readonly event: AcceptedEvent;
  readonly ip: string;
  readonly userAgent: string;
}

/** What became of a request's calls. */
export interface ValidatedCalls {
  readonly accepted: readonly AcceptedCall[];
  readonly rejectedCodes: readonly RejectionCode[];
  /** Of the refused ones, in the order sent; paths are in Segment's words. */
  readonly refused: readonly EventResult[];
  readonly cutStrings: number;
  readonly removedKeys: number;
}

/** Maps and checks calls one by one; a bad call takes no other with it. Never throws. */
export function validateCalls(calls: readonly ParsedCall[], rules: EventRules): ValidatedCalls {
  const accepted: AcceptedCall[] = [];
  const refused: EventResult[] = [];
  const rejectedCodes: RejectionCode[] = [];
  let cutStrings = 0;
  let removedKeys = 0;
  for (const [index, parsed] of calls.entries()) {
    const validated = validateCall(parsed, rules);
    if ('rejection' in validated) {
      rejectedCodes.push(validated.rejection.code);
      refused.push({ index, event_id: validated.eventId, status: 'rejected', error: validated.rejection });
      continue;
    }
    accepted.push(validated.call);
    cutStrings += validated.cutStrings;
    removedKeys += validated.removedKeys;
  }
  return { accepted, rejectedCodes, refused, cutStrings, removedKeys };
}

type Validated =
  | { readonly call: AcceptedCall; readonly cutStrings: number; readonly removedKeys: number }
  | { readonly rejection: Rejection; readonly eventId: string | null };

function validateCall({ call, type }: ParsedCall, rules: EventRules): Validated {
  if (!isBag(call)) return refuse('A call is an object.', '');
  if (type === null) return refuse('type is one of track, page, screen, identify, group and alias.', 'type');
  const translated = toWireEvent(call, type);
  const eventId = readEventId(translated);
  const missing = findMissing(translated, type);
  if (missing !== null) return { ...refuse(`${type} needs ${missing}.`, missing), eventId };
  const { event, ip, userAgent } = translated;
  const validated = validateEvent(event, rules);
  if (validated.kind === 'rejected') return { rejection: inSegmentsWords(validated.rejection), eventId };
  const { cutStrings, removedKeys } = validated;
  return { call: { event: validated.event, ip, userAgent }, cutStrings, removedKeys };
}

/** The ids that a call is nothing without. */
function findMissing({ event }: TranslatedCall, type: CallType): string | null {
  if (type !== 'group' && type !== 'alias') return null;
  const properties = isBag(event['properties']) ? event['properties'] : {};
  if (type === 'group') return properties['group_id'] === undefined ? 'groupId' : null;
  if (event['user_id'] === undefined) return 'userId';
  return properties['previous_id'] === undefined ? 'previousId' : null;
}

const segmentNames = new Map([
  ['event_id', 'messageId'],
  ['anonymous_id', 'anonymousId'],
  ['user_id', 'userId'],
]);

function inSegmentsWords(rejection: Rejection): Rejection {
  const [field = '', ...rest] = rejection.path.split('.');
  const path = [segmentNames.get(field) ?? field, ...rest].join('.');
  const message = rejection.code === 'missing_person' ? 'Set userId or anonymousId.' : rejection.message;
  return { ...rejection, message, path };
}

function readEventId({ event }: TranslatedCall): string | null {
  return typeof event['event_id'] === 'string' ? event['event_id'] : null;
}

function refuse(message: string, path: string): { readonly rejection: Rejection; readonly eventId: null } {
  return { rejection: { code: 'invalid_event', message, path }, eventId: null };
}
