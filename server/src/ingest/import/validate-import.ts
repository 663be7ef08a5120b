import { type AcceptedEvent, type ImportFacts, importFactsSchema } from '@px-platform/schemas';
import { isBag } from '../clean-bag.ts';
import { type EventRules, validateEvent } from '../validate-event.ts';
import { reject, type Validated } from '../validated.ts';

/** An accepted event, and what a server would have found out of it. */
export interface AcceptedImport {
  readonly event_id: string;
  readonly event: AcceptedEvent;
  readonly facts: Omit<ImportFacts, 'known'>;
}

/**
 * Parses one event of an import: its own fields as any event's, and the facts beside them. These count in no bound of the
 * event's: one that was taken once is taken again. Never throws.
 */
export function validateImport(raw: unknown, rules: EventRules): Validated<AcceptedImport> {
  if (!isBag(raw)) return reject('invalid_event', 'An event is an object.', '');
  const { received_at, sent_at, ip, user_agent, known: given, ...own } = raw;
  const parsed = importFactsSchema.safeParse({ received_at, sent_at, ip, user_agent, known: given });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path.join('.') ?? '';
    const code = path.endsWith('_at') ? 'invalid_timestamp' : 'invalid_event';
    return reject(code, issue?.message ?? 'The event has a wrong shape.', path);
  }
  const validated = validateEvent(own, rules);
  if (validated.kind === 'rejected') return validated;
  const { known, ...facts } = parsed.data;
  const event = known === undefined ? validated.event : { ...validated.event, known };
  return { ...validated, event: { event_id: event.event_id, event, facts } };
}
