import { eventLimits } from '@px-platform/schemas/limits';
import { joinBags, toBagText } from './event/json-text.ts';
import type { Recorder } from './event/recorder.ts';
import type { Person } from './person/person.ts';
import type { Store } from './person/store.ts';
import type { Count } from './ports.ts';
import type { BeforeSend, Consent, Px } from './px.ts';

/** The calls of a page after `init`. May throw where a page's object does: `createPx` stands between. */
export type Client = Omit<Px, 'init' | 'counts' | 'instance'>;

/** What a client is made of. */
export interface ClientParts {
  readonly px: Px;
  readonly record: Recorder;
  readonly person: Person;
  /** Holds `user_id`, and as `properties` the super properties' JSON. */
  readonly store: Store;
  /** JSON of the super properties; '' for none. */
  readonly superProperties: () => string;
  readonly hooks: BeforeSend[];
  readonly count: Count;
  readonly setConsent: (consent: Consent) => void;
  readonly flush: () => Promise<void>;
}

/** Builds the client: each call becomes one wire event, in the queue before the call returns. */
export function createClient({
  px,
  record,
  person,
  store,
  superProperties,
  hooks,
  count,
  setConsent,
  flush,
}: ClientParts): Client {
  /** Runs with a sane id of a person or a group. */
  const withId = (given: unknown, run: (id: string) => void) => {
    const id = /string|number/.test(typeof given) ? `${given}`.trim() : '';
    if (id && id.length <= eventLimits.maxPersonIdLength) run(id);
    else count('invalid_id');
  };
  const register = (properties: unknown) =>
    store.set('properties', toBagText(JSON.parse(joinBags(superProperties(), toBagText(properties)))));
  return {
    track: (event, properties) => void record(event, { properties }),
    page: (properties) => void record('page_view', { properties }),
    identify: (userId, traits = {}) =>
      withId(userId, (id) => {
        store.set('user_id', id);
        record('identify', { traits });
      }),
    group: (groupId, traits = {}) =>
      withId(groupId, (id) => {
        register({ group_id: id });
        record('group', { traits });
      }),
    alias: (userId) =>
      withId(userId, (id) => {
        record('alias', { userId: id, properties: { previous_id: store.get('user_id') || person.anonymousId() } });
      }),
    register,
    unregister: (name) => {
      const { [name]: _, ...rest } = JSON.parse(superProperties() || '{}');
      store.set('properties', toBagText(rest));
    },
    reset: () => {
      store.set('user_id', '');
      store.set('properties', '');
      person.reset();
    },
    optOut: () => setConsent({ analytics: false, ads: false }),
    optIn: () => setConsent({ analytics: true }),
    setConsent,
    use: (plugin) => {
      if (plugin.event) hooks.unshift(plugin.event);
      plugin.setup?.(px);
    },
    ready: (callback) => callback(px),
    flush,
  };
}
