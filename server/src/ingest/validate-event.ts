import { type AcceptedEvent, type BatchDefaults, wireEventSchema } from '@px-platform/schemas';
import type { CheckEvent } from '../plans/plan.ts';
import { type Bag, cleanBag, isBag } from './clean-bag.ts';
import { cleanText } from './clean-text.ts';
import { findOversize, reject, toRejected, type Validated } from './validated.ts';

/** What validation of one event needs from outside. */
export interface EventRules {
  /** What the batch sets for events that don't. */
  readonly defaults: Pick<BatchDefaults, 'anonymous_id' | 'user_id'>;
  /** False where the whole body is within one event's limit, so that no event of it can be over. */
  readonly isSizeChecked: boolean;
  readonly newId: () => string;
  /** Holds an event against its project's tracking plan; null where it has none. */
  readonly checkPlan: CheckEvent | null;
}

/**
 * Parses one event: unknown -> accepted, with an id and its person ids resolved against the batch, or
 * a rejection with the path of the first mistake. A known field that is null counts as not sent. Its tracking plan is
 * looked at last, with what would be stored.
 * Never throws. Source: contract 1.
 */
export function validateEvent(raw: unknown, rules: EventRules): Validated<AcceptedEvent> {
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
  const verdict = rules.checkPlan?.(event) ?? null;
  if (verdict?.mode === 'reject') return reject('schema_violation', verdict.message, verdict.path);
  return {
    kind: 'accepted',
    event: {
      ...event,
      event_id: event.event_id ?? rules.newId(),
      ...(verdict === null ? {} : { schema_violation: verdict.mark }),
    },
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
