import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCampaign, toCampaignKey } from './campaign.ts';
import { readContext } from './context.ts';
import { library } from './library.ts';
import { createUuidV7 } from './uuid-v7.ts';

test('a UUIDv7 carries its time, version and variant, and sorts by time', () => {
  let now = 0x0123456789ab;
  const newId = createUuidV7(
    () => now,
    (digits) => '0'.repeat(digits),
  );
  expect(newId()).toBe('01234567-89ab-7000-8000-000000000001');
  const first = newId();
  now += 1;
  expect(first < newId()).toBe(true);
  now -= 3_600_000;
  expect(new Set(Array.from({ length: 1_000 }, newId)).size).toBe(1_000);
});

test('reads UTM and click ids, and leaves out what is absent', () => {
  expect(readCampaign('?utm_source=news&utm_medium=email&utm_campaign=spring&gclid=G1&x=1')).toEqual({
    campaign: { source: 'news', medium: 'email', name: 'spring' },
    click_ids: { gclid: 'G1' },
  });
  expect(readCampaign('')).toEqual({});
  expect(readCampaign(`?gclid=${'g'.repeat(5_000)}`).click_ids?.['gclid']).toHaveLength(500);
});

test('tells campaigns apart, in characters that a cookie takes', () => {
  const key = (search: string) => toCampaignKey(readCampaign(search));
  expect(key('?x=1')).toBe('');
  expect(key('?utm_source=a')).not.toBe(key('?utm_source=b'));
  expect(key('?utm_source=a;b|c d')).toMatch(/^[\w%]+$/);
});

test('reads the context', () => {
  const source = {
    screen: { width: 1920, height: 1080 },
    navigator: { language: 'de-DE' },
    innerWidth: 1000,
    innerHeight: 500,
    devicePixelRatio: 2,
  };
  expect(readContext(source)).toMatchObject({
    library,
    screen: { width: 1920, height: 1080, density: 2 },
    viewport: { width: 1000, height: 500 },
    locale: 'de-DE',
  });
});

test('the library names the version of its package', () => {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(library.version).toBe(version);
});
