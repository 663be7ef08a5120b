import { attempt } from './attempt.ts';
import { startCapture } from './capture/start-capture.ts';
import { type Client, createClient } from './client.ts';
import type { Instance } from './create-px.ts';
import { openDelivery } from './delivery/delivery.ts';
import { readCampaign, toCampaignKey } from './event/campaign.ts';
import { readContext } from './event/context.ts';
import { toBagText } from './event/json-text.ts';
import { createRecorder } from './event/recorder.ts';
import { createUuidV7 } from './event/uuid-v7.ts';
import { createConsent } from './person/consent.ts';
import { createCookies } from './person/cookie.ts';
import { createPerson } from './person/person.ts';
import { createStore } from './person/store.ts';
import type { Ground } from './ports.ts';
import { createScrub } from './privacy/scrub.ts';
import type { InitOptions } from './px.ts';

const wall = () => Date.now();

/** Opens the client on the browser's window: the only place where all parts meet. */
export function openClient(options: InitOptions, { px, count, guard, calledAt, warn }: Instance): Client {
  const { apiKey, cookieless, sampleRate01 = 1, plugins = [], beforeSend = [] } = options;
  const hooks = [beforeSend].flat();
  /** Epoch ms at the page's begin: the clock counts on by `performance.now`, whatever happens to the device's. */
  let origin = 0;
  const now = () => calledAt() || Math.floor(origin + performance.now());
  const renewClock = () => {
    origin = wall() - performance.now();
  };
  renewClock();
  const newId = createUuidV7(now, randomHex);
  const ground: Ground = {
    now,
    newId,
    count,
    after: (ms, run) => window.setTimeout(guard(run), ms),
    listen: (target, types, run) => {
      const listener = { handleEvent: guard(run) };
      for (const type of types.split(' ')) {
        // Not the target's own method, which a page may have replaced.
        EventTarget.prototype.addEventListener.call(target, type, listener, { capture: true, passive: true });
      }
    },
  };
  const keyPrefix = `px_${options.projectId}_`.replace(/[^\w-]/g, '_');
  const disk = () => window.localStorage;
  const choice = createStore(`${keyPrefix}choice_`, disk);
  choice.open(!cookieless);
  const consent = createConsent(choice, options, navigator);
  const store = createStore(keyPrefix, disk);
  const cookies = createCookies(window, keyPrefix, options.cookieDomain);
  const landing = readCampaign(location.search);
  const person = createPerson(store, newId, wall, toCampaignKey(landing));
  const context = { ...readContext(window), ...landing };
  const scrub = createScrub(options.scrubKeys);

  let shared = ['', ''];
  const readShared = () => {
    const parts = [person.anonymousId(), person.sessionId(), store.get('user_id'), consent.analytics(), consent.ads()];
    const [anonymous_id, session_id, user_id, analytics, ads] = parts;
    // The same text while nothing in it changed, so that a batch can tell what its events share.
    if (shared[0] !== parts.join()) {
      const click_ids = ads ? landing.click_ids : undefined;
      const text = {
        anonymous_id,
        session_id,
        user_id: user_id || undefined,
        context: { ...context, click_ids, consent: { analytics, ads } },
      };
      shared = [parts.join(), toBagText(text)];
    }
    return shared[1] ?? '';
  };
  let referrer = document.referrer;
  let page = ['', ''];
  const readPage = () => {
    const { href, pathname, search } = location;
    const title = attempt(() => `${document.title}`);
    const key = [href, title, referrer].join();
    if (page[0] !== key) {
      page = [
        key,
        scrub(
          toBagText({ url: href, path: pathname, search: search || undefined, referrer: referrer || undefined, title }),
        ),
      ];
    }
    return page[1] ?? '';
  };

  /** What another script may have cut or written over in the store must not spoil an event. */
  const superProperties = () => {
    const text = store.get('properties');
    return text && toBagText(attempt(() => JSON.parse(text)));
  };
  const delivery = openDelivery(ground, {
    apiKey,
    url: `${options.endpoint?.replace(/\/+$/, '') || location.origin}/api/v1/events/batch`,
    flush: { ...options.flush },
    store,
    keyPrefix,
    isAllowed: () => consent.analytics() === true,
    onFirst: renewClock,
    onLost: (lost) => record('events_dropped', { properties: { count: lost } }),
    warn,
  });
  const record = createRecorder(ground, {
    isMeasured: () =>
      consent.analytics() !== false && !(Number.parseInt(person.anonymousId().slice(-8), 16) >= sampleRate01 * 2 ** 32),
    superProperties,
    hooks,
    readShared,
    readPage,
    add: delivery.add,
  });
  const applyConsent = () => {
    const isGiven = consent.analytics();
    if (isGiven === false) {
      delivery.clear();
      store.open(false);
      cookies.write('anonymous_id', '');
      cookies.write('session', '');
    } else if (isGiven && !cookieless) {
      store.open(true);
      person.share(cookies);
    }
    if (isGiven) delivery.resume();
  };
  const client = createClient({
    px,
    record,
    person,
    store,
    superProperties,
    hooks,
    count,
    setConsent: (said) => {
      consent.set(said);
      applyConsent();
    },
    flush: delivery.flush,
  });
  guard(applyConsent)();
  guard(startCapture)(ground, {
    options,
    record,
    delivery,
    scrub,
    readPage,
    touches: attempt(readTouches),
    setReferrer: (url) => {
      referrer = url;
    },
  });
  if (options.consentMode || options.tcf || options.metaCookies || options.decorateParameter) {
    import('./entries/options.ts').then(
      ({ startOptions }) => startOptions(px, options, () => consent.ads() === true),
      (error) => count('options_missing', 1, error),
    );
  }
  for (const plugin of plugins) guard(client.use)(plugin);
  return client;

  /** Gives the first and the last campaign or ad click that brought this visitor, and keeps what this page adds. */
  function readTouches() {
    if (landing.campaign || landing.click_ids) {
      const touch = toBagText({ ...landing, at: new Date(now()).toISOString() });
      if (!store.get('first_touch')) store.set('first_touch', touch);
      store.set('last_touch', touch);
    }
    const [first_touch, last_touch] = ['first_touch', 'last_touch'].map((name) =>
      JSON.parse(store.get(name) || 'null'),
    );
    return first_touch && { first_touch, last_touch };
  }
}

function randomHex(digits: number): string {
  const bytes = attempt(() => crypto.getRandomValues(new Uint8Array(digits))) ?? [];
  return Array.from({ length: digits }, (_, index) => ((bytes[index] ?? Math.random() * 16) & 15).toString(16)).join(
    '',
  );
}
