import { createMemoryControl, toSecretSha256 } from '@px-platform/control';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGrantCache } from './grant-cache.ts';

let now = 0;
let lookUps: string[] = [];
const control = createMemoryControl();
const counted = {
  findGrant(secretSha256: string) {
    lookUps.push(secretSha256);
    return control.findGrant(secretSha256);
  },
};

const tenant = (await control.createTenant({ slug: 'acme', tier: 'free' })).value;
const project = (
  await control.createProject({
    tenantId: tenant.id,
    name: 'Web',
    origins: [],
    ipPolicy: 'drop',
    retentionDays: 1,
  })
).value;

async function createKey(secret: string) {
  return control.createKey({
    projectId: project.id,
    kind: 'srv',
    mode: 'live',
    name: secret,
    prefix: secret,
    secretSha256: toSecretSha256(secret),
    scopes: [],
    expiresAt: null,
    ratePerMinute: null,
  });
}
const first = await createKey('first');
await createKey('second');

describe('createGrantCache', () => {
  beforeEach(() => {
    now = 1_000_000;
    lookUps = [];
  });

  function createCache(maxEntries = 100) {
    return createGrantCache({ control: counted, clock: () => now, ttlMs: 4_000, maxEntries });
  }

  it('gives a cached grant without a promise, and looks it up again when its time is over', async () => {
    const cache = createCache();
    expect((await cache.find('first'))?.key).toEqual(first);
    now += 3_999;
    expect(cache.find('first')).toMatchObject({ key: { id: first.id } });
    now += 1;
    expect(cache.find('first')).toBeInstanceOf(Promise);
    expect(lookUps).toHaveLength(2);
  });

  it('counts the time from the start of the look-up', async () => {
    const cache = createCache();
    const found = cache.find('first');
    now += 4_000;
    await found;
    expect(cache.find('first')).toBeInstanceOf(Promise);
  });

  it('trusts nothing from the future, when the clock was set back', async () => {
    const cache = createCache();
    await cache.find('first');
    now -= 1;
    expect(cache.find('first')).toBeInstanceOf(Promise);
  });

  it('makes one look-up of many at once', async () => {
    const cache = createCache();
    await Promise.all(Array.from({ length: 50 }, () => cache.find('first')));
    expect(lookUps).toEqual([toSecretSha256('first')]);
  });

  it('remembers unknown keys, and lets them drive out no known one', async () => {
    const cache = createCache(3);
    await cache.find('first');
    await cache.find('second');
    for (let n = 0; n < 10; n++) expect(await cache.find(`made up ${n}`)).toBeNull();
    expect(cache.find('made up 9')).toBeNull();
    expect(cache.find('first')).toMatchObject({ key: { id: first.id } });
    expect(cache.find('made up 6')).toBeInstanceOf(Promise);
  });

  it('keeps at most as many known keys as it may, oldest out', async () => {
    const cache = createCache(1);
    await cache.find('first');
    await cache.find('second');
    expect(cache.find('second')).not.toBeInstanceOf(Promise);
    expect(cache.find('first')).toBeInstanceOf(Promise);
  });

  it('keeps nothing of a look-up that failed', async () => {
    let isDown = true;
    const cache = createGrantCache({
      control: {
        findGrant: (hash) => (isDown ? Promise.reject(new Error('away')) : control.findGrant(hash)),
      },
      clock: () => now,
    });
    await expect(cache.find('first')).rejects.toThrow('away');
    isDown = false;
    expect(await cache.find('first')).not.toBeNull();
  });
});
