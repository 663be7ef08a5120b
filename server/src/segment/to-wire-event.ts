import { isIP } from 'node:net';
import { toUuidV5 } from '@px-platform/runtime';
import { type Bag, isBag } from '../ingest/clean-bag.ts';
import { toContext } from './to-context.ts';
import { toInstantText } from './to-instant-text.ts';

/** A call of Segment's specification. */
export type CallType = 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias';

/** A call as an event of ours, not yet checked, and where its visitor is where the caller speaks for one. */
export interface TranslatedCall {
  readonly event: Bag;
  /** `context.ip` and `context.userAgent`; '' where the call has none. */
  readonly ip: string;
  readonly userAgent: string;
}

/** Namespace of ids made of a `messageId` that is no UUID: drawn once, the same for ever, or a resend would be a second event. */
const messageIdNamespace = '6f9d2c5e-3b1a-4e0c-9a57-8a1f0f4d7c21';
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const eventNames = { page: 'page_view', screen: 'screen_view', identify: 'identify', group: 'group', alias: 'alias' };

/**
 * Maps a Segment call to an event of ours: `messageId` is the `event_id` where it is a UUID and a UUIDv5 of it where it
 * is not; `timestamp`, which its caller may set, goes before the library's own `originalTimestamp`; a page's or screen's name and
 * category are properties; `groupId` and `previousId` are the properties `group_id` and `previous_id`; `integrations`
 * is ignored. What is missing or wrong is left for validation to say. Never throws. Source: contract 2,
 * https://segment.com/docs/connections/spec/
 */
export function toWireEvent(call: Bag, type: CallType): TranslatedCall {
  const context = isBag(call['context']) ? call['context'] : {};
  const event = {
    event: type === 'track' ? call['event'] : eventNames[type],
    event_id: toEventId(call['messageId']),
    timestamp: toInstantText(call['timestamp'] ?? call['originalTimestamp']),
    anonymous_id: toPersonId(call['anonymousId']),
    user_id: toPersonId(call['userId']),
    session_id: toSessionId(context['sessionId']),
    traits: type === 'identify' || type === 'group' ? (call['traits'] ?? context['traits']) : undefined,
    properties: toProperties(call, context, type),
    context: toContext(context, type === 'page' && isBag(call['properties']) ? call['properties'] : {}),
  };
  const { ip, userAgent } = context;
  return {
    event: Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)),
    ip: typeof ip === 'string' && isIP(ip) !== 0 ? ip : '',
    userAgent: typeof userAgent === 'string' ? userAgent : '',
  };
}

function toProperties(call: Bag, context: Bag, type: CallType): unknown {
  const given = call['properties'] ?? undefined;
  // Not an object: left as it is, for validation to refuse.
  if (given !== undefined && !isBag(given)) return given;
  const added = {
    ...(type === 'page' || type === 'screen' ? { category: call['category'], name: call['name'] } : {}),
    ...(type === 'alias' ? { previous_id: toPersonId(call['previousId']) } : {}),
    group_id: toPersonId(type === 'group' ? call['groupId'] : context['groupId']),
  };
  const known = Object.entries(added).filter(([, value]) => value !== undefined && value !== null);
  return known.length === 0 ? given : { ...given, ...Object.fromEntries(known) };
}

function toEventId(messageId: unknown): string | undefined {
  const id = toPersonId(messageId);
  if (id === undefined) return undefined;
  return uuid.test(id) ? id.toLowerCase() : toUuidV5(messageIdNamespace, id);
}

/** Segment's clients send numbers too, and '' for nobody. */
function toPersonId(given: unknown): string | undefined {
  if (typeof given === 'number' && Number.isFinite(given)) return String(given);
  if (typeof given === 'string') return given.trim() === '' ? undefined : given;
  return undefined;
}

function toSessionId(given: unknown): string | undefined {
  return typeof given === 'string' && uuid.test(given) ? given : undefined;
}
