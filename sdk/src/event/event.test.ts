import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCampaign } from './campaign.ts';
import { readContext, readPage } from './context.ts';
import { library } from './library.ts';
import { createUuidV7 } from './uuid-v7.ts';

test('a UUIDv7 carries its time, version and variant, and sorts by time', () => {
  let now = 0x0123456789ab;
  const newId = createUuidV7(
    () => now,
    (bytes) => void bytes.fill(0xff),
  );
  expect(newId()).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
  const first = newId();
  now += 1;
  expect(first < newId()).toBe(true);
});

test('reads UTM and click ids, and leaves out what is absent', () => {
  expect(readCampaign('?utm_source=news&utm_medium=email&utm_campaign=spring&gclid=G1&x=1')).toEqual({
    campaign: { source: 'news', medium: 'email', name: 'spring' },
    click_ids: { gclid: 'G1' },
  });
  expect(readCampaign('')).toEqual({});
  expect(readCampaign(`?gclid=${'g'.repeat(5_000)}`).click_ids?.['gclid']).toHaveLength(1_000);
});

test('reads page and context within the server’s bounds', () => {
  const source = {
    location: { href: `https://a.example/x?${'q'.repeat(10_000)}`, pathname: '/x', search: '?utm_source=s' },
    document: { referrer: '', title: 'Title' },
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
    campaign: { source: 's' },
  });
  const page = readPage(source, 'https://b.example/');
  expect(page).toMatchObject({ path: '/x', title: 'Title', referrer: 'https://b.example/' });
  expect(page.url).toHaveLength(8_192);
});

test('the library names the version of its package', () => {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(library.version).toBe(version);
});
