import {
  type AcceptedEvent,
  type BatchDefaults,
  eventLimits,
  type Rejection,
  type RejectionCode,
  wireEventSchema,
} from '@px-platform/schemas';
import type { z } from 'zod';
import { type Bag, cleanBag, isBag } from './clean-bag.ts';
import { cleanText } from './clean-text.ts';

/** What validation of one event needs from outside. */
export interface EventRules {
  /** What the batch sets for events that don't. */
  readonly defaults: Pick<BatchDefaults, 'anonymous_id' | 'user_id'>;
  /** False where the whole body is within one event's limit, so that no event of it can be over. */
  readonly isSizeChecked: boolean;
  readonly newId: () => string;
}

/** What became of one event. */
export type ValidatedEvent =
  | {
      readonly kind: 'accepted';
      readonly event: AcceptedEvent;
      readonly cutStrings: number;
      readonly removedKeys: number;
    }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * Parses one event: unknown -> accepted, with an id and its person ids resolved against the batch, or
 * a rejection with the path of the first mistake. A known field that is null counts as not sent.
 * Never throws. Source: contract 1.
 */
export function validateEvent(raw: unknown, rules: EventRules): ValidatedEvent {
  if (!isBag(raw)) return reject('invalid_event', 'An event is an object.', '');
  const cleaned = cleanEvent(raw);
  if (cleaned.kind === 'rejected') return cleaned;
  const oversize = rules.isSizeChecked ? findOversize(raw) : null;
  if (oversize !== null) return oversize;

  const parsed = wireEventSchema.safeParse(cleaned.bag);
  if (!parsed.success) return toRejected(parsed.error);
  const event = parsed.data;
  const anonymousId = event.anonymous_id ?? rules.defaults.anonymous_id;
  const userId = event.user_id ?? rules.defaults.user_id;
  if (anonymousId !== undefined) event.anonymous_id = anonymousId;
  if (userId !== undefined) event.user_id = userId;
  if (anonymousId === undefined && userId === undefined) {
    return reject('missing_person', 'Set anonymous_id or user_id, on the event or on its batch.', 'anonymous_id');
  }
  return {
    kind: 'accepted',
    event: { ...event, event_id: event.event_id ?? rules.newId() },
    cutStrings: cleaned.cutStrings,
    removedKeys: cleaned.removedKeys,
  };
}

const texts = ['event', 'anonymous_id', 'user_id'] as const;
const bags = ['properties', 'traits', 'context'] as const;
const optionalFields = ['event_id', 'timestamp', 'anonymous_id', 'user_id', 'session_id', ...bags] as const;

/** Copies the event only where something has to change. */
function cleanEvent(raw: Bag): ReturnType<typeof cleanBag> {
  let copy: Record<string, unknown> | null = null;
  let cutStrings = 0;
  let removedKeys = 0;
  for (const field of texts) {
    const value = raw[field];
    if (typeof value !== 'string') continue;
    const cleaned = cleanText(value);
    if (cleaned === value) continue;
    copy ??= { ...raw };
    copy[field] = cleaned;
  }
  for (const field of bags) {
    const value = raw[field];
    if (!isBag(value)) continue;
    const cleaned = cleanBag(value, field);
    if (cleaned.kind === 'rejected') return cleaned;
    cutStrings += cleaned.cutStrings;
    removedKeys += cleaned.removedKeys;
    if (cleaned.bag === value) continue;
    copy ??= { ...raw };
    copy[field] = cleaned.bag;
  }
  for (const field of optionalFields) {
    if (raw[field] !== null) continue;
    copy ??= { ...raw };
    delete copy[field];
  }
  return { kind: 'bag', bag: copy ?? raw, cutStrings, removedKeys };
}

function findOversize(raw: Bag): ValidatedEvent | null {
  const bytes = measureJson(raw);
  if (bytes === null) return reject('too_deep', `Nested deeper than ${eventLimits.maxDepth} levels.`, '');
  if (bytes <= eventLimits.maxEventBytes) return null;
  return reject(
    'event_too_large',
    `The event is ${bytes} bytes as JSON; at most ${eventLimits.maxEventBytes} bytes are taken.`,
    '',
  );
}

/** Bytes of the value as compact JSON, or null where a field that we don't know nests too deep to be written. */
function measureJson(raw: Bag): number | null {
  try {
    return Buffer.byteLength(JSON.stringify(raw));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function toRejected(error: z.ZodError): ValidatedEvent {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return reject(codeOfField(issue?.path[0]), issue?.message ?? 'The event has a wrong shape.', path);
}

function codeOfField(field: PropertyKey | undefined): RejectionCode {
  if (field === 'event_id') return 'invalid_event_id';
  if (field === 'timestamp') return 'invalid_timestamp';
  return 'invalid_event';
}

function reject(code: RejectionCode, message: string, path: string): ValidatedEvent {
  return { kind: 'rejected', rejection: { code, message, path } };
}
