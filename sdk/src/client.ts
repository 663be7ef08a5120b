import { eventLimits } from '@px-platform/schemas/limits';
import type { BatchDefaults, EventContext, WireEvent } from '@px-platform/schemas/wire-event';
import type { Buffer } from './buffer.ts';
import { toPlainJson } from './event/plain-json.ts';
import type { Identity } from './person/identity.ts';
import type { Session } from './person/session.ts';
import type { Clock, Count, NewId } from './ports.ts';
import type { Px } from './px.ts';

/** The calls of a page after `init`. May throw where a page's object does: `createPx` stands between. */
export interface Client extends Pick<Px, 'track' | 'identify' | 'page' | 'flush' | 'reset'> {
  /** Records an event that began at another time than now, in epoch ms. */
  trackAt(at: number, event: string, properties?: unknown): void;
}

/** What a client is made of. `context` holds for the whole page load, `readPage` for the moment. */
export interface ClientParts {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly identity: Identity;
  readonly session: Session;
  readonly context: EventContext;
  readonly readPage: () => NonNullable<EventContext['page']>;
  readonly buffer: Buffer;
  readonly count: Count;
}

/** Builds the client: each call becomes one wire event (contract 1), in the buffer before the call returns. */
export function createClient(parts: ClientParts): Client {
  const { clock, identity, session, buffer, count } = parts;
  let shared: BatchDefaults = {};

  const client: Client = {
    track: (event, properties) => client.trackAt(clock(), event, properties),
    page: (properties) => client.trackAt(clock(), 'page_view', properties),
    identify: (userId, traits) => {
      const id = toPersonId(userId);
      if (id === null) return count('invalid_user_id');
      identity.setUserId(id);
      record(clock(), 'identify', { traits: toPlainJson(traits) });
    },
    reset: () => {
      identity.reset();
      session.reset();
    },
    flush: () => buffer.flush(),
    trackAt: (at, event, properties) => record(at, event, { properties: toPlainJson(properties) }),
  };
  return client;

  function record(at: number, name: unknown, more: Pick<WireEvent, 'properties' | 'traits'>): void {
    const event = typeof name === 'string' ? name.trim() : '';
    if (event.length < 1 || event.length > eventLimits.maxEventNameLength) {
      count('invalid_event_name');
      return;
    }
    buffer.add({
      event: {
        event,
        event_id: parts.newId(),
        timestamp: new Date(at).toISOString(),
        ...more,
        context: { page: parts.readPage() },
      },
      defaults: readDefaults(),
    });
  }

  /** The same object while nothing changed, so that a batch can tell what its events share. */
  function readDefaults(): BatchDefaults {
    const userId = identity.userId();
    const now = {
      anonymous_id: identity.anonymousId(),
      ...(userId && { user_id: userId }),
      session_id: session.touch(),
    };
    const isSame =
      now.anonymous_id === shared.anonymous_id &&
      now.user_id === shared.user_id &&
      now.session_id === shared.session_id;
    if (!isSame) shared = { ...now, context: parts.context };
    return shared;
  }
}

function toPersonId(userId: unknown): string | null {
  const id = typeof userId === 'string' || typeof userId === 'number' ? String(userId).trim() : '';
  return id.length >= 1 && id.length <= eventLimits.maxPersonIdLength ? id : null;
}
