import { type AcceptedAuditEvent, wireAuditEventSchema } from '@px-platform/schemas';
import { type Bag, cleanBag, isBag } from '../ingest/clean-bag.ts';
import { cleanText } from '../ingest/clean-text.ts';
import { findOversize, reject, toRejected, type Validated } from '../ingest/validated.ts';

/** What validation of one audit event needs from outside. */
export interface AuditRules {
  /** False where the whole body is within one event's limit, so that no event of it can be over. */
  readonly isSizeChecked: boolean;
  readonly newId: () => string;
}

/**
 * Parses one audit event: unknown -> accepted, with an id and its action in lower case, or a rejection with the path of
 * the first mistake. A known field that is null counts as not sent; one that is not known is refused, since what is
 * evidence is not dropped in silence. Never throws.
 */
export function validateAuditEvent(raw: unknown, rules: AuditRules): Validated<AcceptedAuditEvent> {
  if (!isBag(raw)) return reject('invalid_event', 'An audit event is an object.', '');
  const cleaned = cleanFields(raw);
  if (cleaned.kind === 'rejected') return cleaned;
  const oversize = rules.isSizeChecked ? findOversize(raw) : null;
  if (oversize !== null) return oversize;
  const parsed = wireAuditEventSchema.safeParse(cleaned.bag);
  if (!parsed.success) return toRejected(parsed.error);
  return {
    kind: 'accepted',
    event: { ...parsed.data, event_id: parsed.data.event_id ?? rules.newId() },
    cutStrings: cleaned.cutStrings,
    removedKeys: cleaned.removedKeys,
  };
}

const bags = ['actor', 'action', 'resource', 'metadata'];
/** They may stand beside the fields of a single event, and are the request's. */
const ofTheRequest = ['api_key', 'sent_at'];

/** Bounds each object by itself and makes every text one that a store can hold. */
function cleanFields(raw: Bag): ReturnType<typeof cleanBag> {
  const bag: Record<string, unknown> = {};
  let cutStrings = 0;
  let removedKeys = 0;
  for (const [field, value] of Object.entries(raw)) {
    if (value === null || ofTheRequest.includes(field)) continue;
    bag[field] = typeof value === 'string' ? cleanText(value) : value;
    if (!isBag(value) || !bags.includes(field)) continue;
    const cleaned = cleanBag(field === 'metadata' ? value : withoutNulls(value), field);
    if (cleaned.kind === 'rejected') return cleaned;
    bag[field] = cleaned.bag;
    cutStrings += cleaned.cutStrings;
    removedKeys += cleaned.removedKeys;
  }
  return { kind: 'bag', bag, cutStrings, removedKeys };
}

function withoutNulls(bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== null));
}
