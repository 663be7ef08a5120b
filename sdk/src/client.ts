import { eventLimits } from '@px-platform/schemas/limits';
import { beginView } from './capture/view.ts';
import { now, runAt } from './clock.ts';
import { flush } from './delivery/send.ts';
import { count, guard, tally, warn } from './diagnostics.ts';
import { toBagText } from './event/json-text.ts';
import { hooks, record } from './event/record.ts';
import { readSuperProperties, register } from './event/super-properties.ts';
import type { HeldCall } from './held-call.ts';
import { catchUp } from './later.ts';
import { keepChoice } from './person/consent.ts';
import { forgetPerson, readPerson } from './person/person.ts';
import { get, set, writeStore } from './person/store.ts';
import type { Px } from './px.ts';
import { applyConsent, start } from './start.ts';

/** Before `init`, at most so many calls are held. */
const maxHeldCalls = 100;
const held: HeldCall[] = [];
let isOpen = false;

/** Runs with a sane id of a person or a group. */
const withId = (given: unknown, run: (id: string) => void) => {
  const id = /string|number/.test(typeof given) ? `${given}`.trim() : '';
  if (id && id.length <= eventLimits.maxPersonIdLength) run(id);
  else count('invalid_id');
};

/** Answer at any time, on a server too. */
const always = {
  counts: () => ({ ...tally }),
  instance: (_name: string): Px => client,
  flush: async () => {
    catchUp();
    if (isOpen) await guard(flush)();
  },
};

/** The calls of the page: each becomes one event, in the queue before the call returns. */
export const client: Px = {
  ...always,
  init: (options) => {
    // The key goes into JSON as it is.
    if (isOpen) count('init_again');
    else if (/^[\w-]+$/.test(options.apiKey || ' ') && options.projectId) {
      isOpen = true;
      start(client, options);
      replay(held.splice(0));
    } else {
      count('init_refused');
      warn('init needs apiKey and projectId');
    }
  },
  track: (event, properties, options) => {
    record(event, properties);
    if (options?.critical) writeStore();
  },
  page: (properties) => beginView(true, properties),
  identify: (userId, traits = {}) =>
    withId(userId, (id) => {
      set('user_id', id);
      record('identify', {}, { traits });
    }),
  group: (groupId, traits = {}) =>
    withId(groupId, (group_id) => {
      register({ group_id });
      record('group', {}, { traits });
    }),
  alias: (userId) =>
    withId(userId, (user_id) => record('alias', { previous_id: get('user_id') || readPerson()[0] }, { user_id })),
  register,
  unregister: (name) => {
    const { [name]: _, ...rest } = JSON.parse(readSuperProperties() || '{}');
    set('properties', toBagText(rest));
  },
  reset: () => {
    set('user_id', '');
    set('properties', '');
    forgetPerson();
    readPerson();
  },
  optOut: () => client.setConsent({ analytics: false, ads: false }),
  optIn: () => client.setConsent({ analytics: true }),
  setConsent: (consent) => {
    keepChoice(consent);
    applyConsent();
  },
  use: (plugin) => {
    if (plugin.event) hooks.push(plugin.event);
    plugin.setup?.(client);
  },
  ready: (callback) => callback(client),
};

// Calls before `init` wait for it, those on a server are nothing, and nothing that is thrown gets out.
const methods: [string, (...args: unknown[]) => unknown][] = Object.entries(client);
for (const [name, method] of methods) {
  if (name in always) continue;
  Reflect.set(client, name, (...args: unknown[]) => {
    if (typeof document === 'undefined') return;
    catchUp();
    if (isOpen || name === 'init') guard(method)(...args);
    else if (held.length < maxHeldCalls) held.push([name, args, now()]);
    else count('called_before_init');
  });
}

/** Makes calls that were held, here or by the snippet's stub, as if at their time. */
export function replay(calls: readonly HeldCall[]): void {
  for (const [name, args, at] of calls) {
    runAt(at, () => guard(() => Reflect.apply(Reflect.get(client, name), client, args))());
  }
}
