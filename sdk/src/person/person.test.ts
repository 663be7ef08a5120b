import { expect, test } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { createFakeTime } from '../../test/fake-time.ts';
import { createCookie } from './cookie.ts';
import { createIdentity } from './identity.ts';
import { createSession } from './session.ts';
import { openStorage } from './storage.ts';

const minuteMs = 60_000;
let serial = 0;
const newId = () => {
  serial += 1;
  return `01890000-0000-7000-8000-${String(serial).padStart(12, '0')}`;
};
const denied = () => {
  throw new Error('SecurityError');
};

function openIdentity(raw: Storage | null, jar: { cookie: string }) {
  return createIdentity({
    storage: openStorage(() => raw),
    cookie: createCookie('px_anonymous_id', jar, true),
    keyPrefix: 'px_',
    newId,
  });
}

test('a session lasts while events come within 30 minutes, and 24 hours at most', () => {
  const storage = openStorage(() => null);
  let now = 1_700_000_000_000;
  const session = createSession({ storage, keyPrefix: 'px_', clock: () => now, newId, campaign: '' });
  const first = session.touch();
  now += 30 * minuteMs;
  expect(session.touch()).toBe(first);
  now += 30 * minuteMs + 1;
  const second = session.touch();
  expect(second).not.toBe(first);
  for (let step = 0; step < 96; step += 1) {
    now += 15 * minuteMs;
    expect(session.touch()).toBe(second);
  }
  now += 15 * minuteMs;
  expect(session.touch()).not.toBe(second);
});

test('a page arrived at by a new campaign starts a session, once, and the same campaign does not', () => {
  const { clock } = createFakeTime();
  const shared = createFakeStorage();
  const open = (campaign: string) =>
    createSession({ storage: openStorage(() => shared), keyPrefix: 'px_', clock, newId, campaign });
  const direct = open('');
  const first = direct.touch();
  const autumn = open('news|email|autumn sale|');
  const second = autumn.touch();
  expect(second).not.toBe(first);
  expect([autumn.touch(), direct.touch(), open('').touch(), open('news|email|autumn sale|').touch()]).toEqual(
    Array(4).fill(second),
  );
  const winter = open('news|email|winter|');
  const third = winter.touch();
  expect(third).not.toBe(second);
  expect([autumn.touch(), winter.touch(), autumn.touch()]).toEqual([third, third, third]);
});

test('tabs share the session, and a broken record starts one', () => {
  const { clock } = createFakeTime();
  const raw = createFakeStorage();
  const open = () => createSession({ storage: openStorage(() => raw), keyPrefix: 'px_', clock, newId, campaign: '' });
  const [one, two] = [open(), open()];
  const first = one.touch();
  expect(two.touch()).toBe(first);
  two.reset();
  expect(one.touch()).not.toBe(first);
  raw.setItem('px_session', 'broken');
  expect(one.touch()).toMatch(/^[\da-f-]{36}$/);
});

test('the anonymous id outlives the page in cookie and storage, and the cookie outranks', () => {
  const raw = createFakeStorage();
  const jar = { cookie: '' };
  const id = openIdentity(raw, jar).anonymousId();
  expect(jar.cookie).toBe(`px_anonymous_id=${id}; path=/; max-age=34560000; samesite=lax; secure`);
  expect(openIdentity(raw, { cookie: '' }).anonymousId()).toBe(id);
  expect(openIdentity(createFakeStorage(), { cookie: `a=b; px_anonymous_id=${id}; c=d` }).anonymousId()).toBe(id);
  expect(openIdentity(raw, { cookie: 'px_anonymous_id=theirs' }).anonymousId()).toBe('theirs');
  expect(openIdentity(createFakeStorage(), { cookie: 'px_anonymous_id=<script>' }).anonymousId()).not.toContain('<');
});

test('identify is seen by other tabs, and so is reset', () => {
  const raw = createFakeStorage();
  const [one, two] = [openIdentity(raw, { cookie: '' }), openIdentity(raw, { cookie: '' })];
  const id = one.anonymousId();
  one.setUserId('user_1');
  expect(two.userId()).toBe('user_1');
  two.reset();
  expect(one.userId()).toBeNull();
  expect(one.anonymousId()).not.toBe(id);
  expect(one.anonymousId()).toBe(two.anonymousId());
});

test('where storage and cookies are denied, the ids hold for the page', () => {
  const storage = openStorage(denied);
  const jar = {
    get cookie(): string {
      return denied();
    },
    set cookie(_: string) {
      denied();
    },
  };
  const identity = createIdentity({
    storage,
    cookie: createCookie('px', jar, false),
    keyPrefix: 'px_',
    newId,
  });
  const id = identity.anonymousId();
  expect(identity.anonymousId()).toBe(id);
  identity.setUserId('user_1');
  expect(identity.userId()).toBe('user_1');
  expect(storage.set('k', 'v')).toBe(false);
  expect(storage.keys()).toContain('k');
  storage.remove('k');
  expect(storage.get('k')).toBeNull();
});
