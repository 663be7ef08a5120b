import { beforeEach, expect, test, vi } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { createTestGround } from '../../test/test-ground.ts';
import { createConsent } from './consent.ts';
import { createCookies } from './cookie.ts';
import { createPerson } from './person.ts';
import { createStore } from './store.ts';

const minuteMs = 60_000;
const { newId } = createTestGround();
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T23:50:00Z') });
});

const openStore = (storage: Storage = createFakeStorage()) => {
  const store = createStore('px_', () => storage);
  store.open(true);
  return store;
};
const openPerson = (store = openStore(), campaign = '') => createPerson(store, newId, Date.now, campaign);

/** A cookie jar of one host, which refuses public suffixes and keeps no attributes. */
function createJar(hostname: string) {
  const jar = new Map<string, string>();
  const written: string[] = [];
  const document = {
    get cookie() {
      return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      const [pair = ''] = text.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (/domain=co\.uk(;|$)/.test(text)) return;
      written.push(text);
      if (/max-age=0/.test(text)) jar.delete(name);
      else jar.set(name, value);
    },
  };
  return { page: { document, location: { hostname, protocol: 'https:' } }, jar, written };
}

test('a session lasts while events come within 30 minutes, and 24 hours at most, midnight or not', () => {
  const { sessionId } = openPerson();
  const first = sessionId();
  vi.advanceTimersByTime(30 * minuteMs);
  expect(sessionId()).toBe(first);
  vi.advanceTimersByTime(30 * minuteMs + 1);
  const second = sessionId();
  expect(second).not.toBe(first);
  for (let step = 0; step < 96; step += 1) {
    vi.advanceTimersByTime(15 * minuteMs);
    expect(sessionId()).toBe(second);
  }
  vi.advanceTimersByTime(15 * minuteMs);
  expect(sessionId()).not.toBe(second);
});

test('a tab reads the record again before it lets its session end', () => {
  const storage = createFakeStorage();
  const [one, other] = [openPerson(openStore(storage)), openPerson(openStore(storage))];
  const id = one.sessionId();
  for (let step = 0; step < 4; step += 1) {
    vi.advanceTimersByTime(20 * minuteMs);
    expect(other.sessionId()).toBe(id);
  }
  vi.advanceTimersByTime(20 * minuteMs);
  expect(one.sessionId()).toBe(id);
});

test('a clock that is set back ends no session', () => {
  const { sessionId } = openPerson();
  const id = sessionId();
  vi.setSystemTime(Date.now() - 60 * minuteMs);
  expect(sessionId()).toBe(id);
  vi.advanceTimersByTime(29 * minuteMs);
  expect(sessionId()).toBe(id);
});

test('a page arrived at by a new campaign starts a session, once, and the same campaign does not', () => {
  const store = openStore();
  const direct = openPerson(store);
  const first = direct.sessionId();
  const autumn = openPerson(store, 'autumn');
  const second = autumn.sessionId();
  expect(second).not.toBe(first);
  const later = [autumn, direct, openPerson(store), openPerson(store, 'autumn')];
  expect(later.map(({ sessionId }) => sessionId())).toEqual(Array(4).fill(second));
  expect(openPerson(store, 'winter').sessionId()).not.toBe(second);
});

test('the cookie outranks the storage, and both are on the root domain of the site', () => {
  const { page, jar, written } = createJar('www.shop.co.uk');
  jar.set('px_anonymous_id', 'from-the-cookie');
  const store = openStore();
  store.set('anonymous_id', 'from-the-storage');
  const person = openPerson(store);
  person.share(createCookies(page, 'px_', undefined));
  expect([person.anonymousId(), store.get('anonymous_id')]).toEqual(['from-the-cookie', 'from-the-cookie']);
  expect(written.at(-1)).toBe(
    'px_anonymous_id=from-the-cookie;path=/;samesite=lax;max-age=34560000;domain=shop.co.uk;secure',
  );
  person.reset();
  expect(jar.get('px_anonymous_id')).toBe(person.anonymousId());
});

test('a session goes on on another subdomain', () => {
  const { page } = createJar('shop.example.org');
  const cookies = createCookies(page, 'px_', undefined);
  const [shop, blog] = [openPerson(), openPerson()];
  shop.share(cookies);
  blog.share(cookies);
  expect(blog.anonymousId()).toBe(shop.anonymousId());
  expect(blog.sessionId()).toBe(shop.sessionId());
});

test('holds in memory until it is opened, then moves; closing forgets all of ours', () => {
  const storage = createFakeStorage();
  storage.setItem('other', 'kept');
  const store = createStore('px_', () => storage);
  const person = openPerson(store);
  const id = person.anonymousId();
  expect(Object.keys(storage)).toEqual(['other']);
  store.open(true);
  expect([storage.getItem('px_anonymous_id'), person.anonymousId()]).toEqual([id, id]);
  store.open(false);
  expect(Object.keys(storage)).toEqual(['other']);
  expect(person.anonymousId()).not.toBe(id);
});

test('goes on in memory where storage and cookies are denied, or full', () => {
  const deny = () => {
    throw new Error('SecurityError');
  };
  const denied = createStore('px_', deny);
  denied.open(true);
  const full = openStore(createFakeStorage(10));
  const page = {
    document: Object.defineProperty({ cookie: '' }, 'cookie', { get: deny, set: deny }),
    location: { hostname: 'a.b', protocol: 'https:' },
  };
  for (const store of [denied, full]) {
    const person = openPerson(store);
    person.share(createCookies(page, 'px_', undefined));
    expect([person.anonymousId(), person.sessionId()]).toEqual([person.anonymousId(), person.sessionId()]);
  }
});

test.each([
  [{}, {}, [true, true]],
  [{}, { globalPrivacyControl: true }, [true, false]],
  [{ gpc: 'all' as const }, { globalPrivacyControl: true }, [false, false]],
  [{ gpc: 'ignore' as const }, { globalPrivacyControl: true }, [true, true]],
  [{}, { doNotTrack: '1' }, [true, true]],
  [{ dnt: true }, { doNotTrack: '1' }, [false, true]],
  [{ requireConsent: true }, {}, [undefined, undefined]],
  [{ tcf: true }, { globalPrivacyControl: true }, [undefined, false]],
])('%o and a browser that says %o mean %o', (options, signals, means) => {
  const consent = createConsent(openStore(), { apiKey: 'k', projectId: 'p', ...options }, signals);
  expect([consent.analytics(), consent.ads()]).toEqual(means);
});

test('what the visitor said outranks signals and silence, but for ads under GPC, and is remembered', () => {
  const store = openStore();
  const options = { apiKey: 'k', projectId: 'p', requireConsent: true, gpc: 'all' as const };
  createConsent(store, options, { globalPrivacyControl: true }).set({ analytics: true, ads: true });
  const later = createConsent(store, options, { globalPrivacyControl: true });
  expect([later.analytics(), later.ads()]).toEqual([true, false]);
  later.set({ analytics: false });
  expect(later.analytics()).toBe(false);
});
