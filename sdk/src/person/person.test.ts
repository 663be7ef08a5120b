import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { createJar, openFresh, stubBrowser } from '../../test/fresh.ts';

const minuteMs = 60_000;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T23:50:00Z') });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Opens a page over a storage and a cookie jar. What pages before it keep is written by then. */
async function openPage({ storage = createFakeStorage(), jar = createJar(), campaign = '', options = {} } = {}) {
  vi.advanceTimersByTime(0);
  stubBrowser({ storage, jar });
  const { clock, person, store, consent } = await openFresh(options);
  clock.setClock();
  store.openStore();
  person.arriveBy(campaign);
  const ask = (index: 0 | 1) => () => {
    const id = person.readPerson()[index];
    vi.advanceTimersByTime(0);
    return id;
  };
  const anonymousId = ask(0);
  const sessionId = ask(1);
  return { ...person, ...consent, store, storage, jar, anonymousId, sessionId };
}

test('a session lasts while events come within 30 minutes, and 24 hours at most, midnight or not', async () => {
  const { sessionId } = await openPage();
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

test('a tab reads the record again before it lets its session end', async () => {
  const storage = createFakeStorage();
  const one = await openPage({ storage });
  const other = await openPage({ storage });
  const id = one.sessionId();
  for (let step = 0; step < 4; step += 1) {
    vi.advanceTimersByTime(20 * minuteMs);
    expect(other.sessionId()).toBe(id);
  }
  vi.advanceTimersByTime(20 * minuteMs);
  expect(one.sessionId()).toBe(id);
});

test('a clock that is set back ends no session', async () => {
  const { sessionId } = await openPage();
  const id = sessionId();
  vi.setSystemTime(Date.now() - 60 * minuteMs);
  expect(sessionId()).toBe(id);
  vi.advanceTimersByTime(29 * minuteMs);
  expect(sessionId()).toBe(id);
});

test('a page arrived at by a new campaign starts a session, once, and the same campaign does not', async () => {
  const storage = createFakeStorage();
  const direct = await openPage({ storage });
  const first = direct.sessionId();
  const autumn = await openPage({ storage, campaign: 'autumn' });
  const second = autumn.sessionId();
  expect(second).not.toBe(first);
  const later = [autumn, direct, await openPage({ storage }), await openPage({ storage, campaign: 'autumn' })];
  expect(later.map(({ sessionId }) => sessionId())).toEqual(Array(4).fill(second));
  expect((await openPage({ storage, campaign: 'winter' })).sessionId()).not.toBe(second);
});

test('the cookie outranks the storage, and both are on the root domain of the site', async () => {
  const jar = createJar();
  const record = (id: string) => `${id}|session-1|${Date.now()}|${Date.now()}|`;
  jar.jar.set('px_p_person', record('from-the-cookie'));
  const { store, sharePerson, anonymousId, forgetPerson } = await openPage({ jar });
  store.set('person', record('from-the-storage'));
  sharePerson();
  const startedAt = Date.now();
  vi.advanceTimersByTime(10_000);
  expect(anonymousId()).toBe('from-the-cookie');
  expect(jar.written.at(-1)).toBe(
    `px_p_person=from-the-cookie|session-1|${startedAt}|${Date.now()}|;path=/;samesite=lax;max-age=34560000;domain=shop.co.uk;secure`,
  );
  forgetPerson();
  expect(jar.jar.has('px_p_person')).toBe(false);
  expect(anonymousId()).not.toBe('from-the-cookie');
  expect(jar.jar.get('px_p_person')).toContain(anonymousId());
});

test('a session goes on on another subdomain, as long as one of them is alive', async () => {
  const jar = createJar();
  const shop = await openPage({ jar });
  shop.sharePerson();
  const first = shop.readPerson();
  const blog = await openPage({ jar });
  blog.sharePerson();
  expect(blog.readPerson()).toEqual(first);
  for (let step = 0; step < 3; step += 1) {
    vi.advanceTimersByTime(20 * minuteMs);
    blog.readPerson();
  }
  expect(shop.readPerson()).toEqual(first);
});

test('a record that was cut or written over begins anew', async () => {
  const { store, readPerson } = await openPage();
  for (const broken of ['|||', 'x', '{}', 'short|s|1|2|', 'a b c d e f|session-1|1|2|']) {
    store.set('person', broken);
    expect(readPerson()).toEqual([expect.stringMatching(/^[\w-]{36}$/), expect.stringMatching(/^[\w-]{36}$/)]);
  }
});

test('holds in memory until it is opened, then moves; closing forgets all of ours but the choice', async () => {
  const storage = createFakeStorage();
  storage.setItem('other', 'kept');
  stubBrowser({ storage });
  const { person, store, consent } = await openFresh();
  const [id] = person.readPerson();
  expect(Object.keys(storage)).toEqual(['other']);
  store.openStore();
  vi.advanceTimersByTime(0);
  expect(storage.getItem('px_p_person')).toContain(id);
  consent.keepChoice({ analytics: false });
  store.closeStore();
  expect(Object.keys(storage)).toEqual(['other', 'px_p_choice_analytics']);
  expect(person.readPerson()[0]).not.toBe(id);
});

test('goes on in memory where storage and cookies are denied, or full', async () => {
  const deny = () => {
    throw new Error('SecurityError');
  };
  for (const storage of [Object.create(null), createFakeStorage(10)]) {
    stubBrowser({ storage });
    if (!('getItem' in storage)) {
      vi.stubGlobal('window', Object.defineProperty({ setTimeout: () => 1 }, 'localStorage', { get: deny }));
      vi.stubGlobal('document', Object.defineProperty({}, 'cookie', { get: deny, set: deny }));
    }
    const { person, store } = await openFresh();
    store.openStore();
    person.sharePerson();
    expect(person.readPerson()).toEqual(person.readPerson());
  }
});

test('cookieless stores nothing at all', async () => {
  const { readPerson, keepChoice, storage, jar, sharePerson } = await openPage({ options: { cookieless: true } });
  readPerson();
  sharePerson();
  keepChoice({ analytics: true });
  vi.advanceTimersByTime(0);
  expect([Object.keys(storage), jar.written]).toEqual([[], []]);
});

test.each([
  [{}, {}, [true, true]],
  [{}, { globalPrivacyControl: true }, [true, false]],
  [{ gpc: 'all' }, { globalPrivacyControl: true }, [false, false]],
  [{ gpc: 'ignore' }, { globalPrivacyControl: true }, [true, true]],
  [{}, { doNotTrack: '1' }, [true, true]],
  [{ dnt: true }, { doNotTrack: '1' }, [false, false]],
  [{ requireConsent: true }, {}, [undefined, undefined]],
  [{ tcf: true }, { globalPrivacyControl: true }, [undefined, false]],
])('%o and a browser that says %o mean %o', async (options, navigator, means) => {
  stubBrowser({ navigator });
  const { consent } = await openFresh(options);
  expect([consent.agrees('analytics'), consent.agrees('ads')]).toEqual(means);
});

test('what the visitor said outranks signals and silence, but for ads under GPC, and is remembered', async () => {
  const storage = createFakeStorage();
  const navigator = { globalPrivacyControl: true };
  const options = { requireConsent: true, gpc: 'all' };
  stubBrowser({ storage, navigator });
  (await openFresh(options)).consent.keepChoice({ analytics: true, ads: true });
  vi.advanceTimersByTime(0);
  const { consent } = await openFresh(options);
  expect([consent.agrees('analytics'), consent.agrees('ads')]).toEqual([true, false]);
  consent.keepChoice({ analytics: false });
  expect(consent.agrees('analytics')).toBe(false);
});
