import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openFresh, stubBrowser } from '../../test/fresh.ts';
import { library } from './library.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00Z') });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function openPage(search = '', options = {}, navigator = {}) {
  stubBrowser({ address: `https://a.example/x${search}`, navigator });
  const { clock, store, person, consent } = await openFresh(options);
  const campaign = await import('./campaign.ts');
  const { readPage, readShared } = await import('./context.ts');
  const { createId } = await import('./uuid-v7.ts');
  clock.setClock();
  store.openStore();
  const key = campaign.readLanding(location.search);
  const frame = () => {
    const agreed = { analytics: consent.agrees('analytics'), ads: consent.agrees('ads') };
    const shared = JSON.parse(readShared(person.readPerson(), agreed));
    return { ...shared, context: { ...shared.context, page: JSON.parse(readPage()) } };
  };
  return { clock, consent, createId, frame, readPage, key, store, ...campaign };
}

test('a UUIDv7 carries its time, version and variant, sorts by time, and differs though the clock runs back', async () => {
  const { createId, clock } = await openPage();
  const first = createId();
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(first.replace('-', '').slice(0, 12), 16)).toBe(Date.now());
  vi.advanceTimersByTime(1);
  expect(first < createId()).toBe(true);
  vi.setSystemTime(Date.now() - 3_600_000);
  clock.setClock();
  expect(new Set(Array.from({ length: 1_000 }, createId)).size).toBe(1_000);
});

test('two pages of one moment share no id', async () => {
  const ids = new Set<string>();
  for (let page = 0; page < 50; page += 1) ids.add((await openPage()).createId());
  expect(ids.size).toBe(50);
});

test('an event bears the time of its call, though the device’s clock jumps', async () => {
  const { clock } = await openPage();
  const at = clock.now();
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(5);
  expect(Math.round(clock.now() - at)).toBe(5);
  clock.runAt(1_000, () => expect(clock.now()).toBe(1_000));
  expect(Math.round(clock.now() - at)).toBe(5);
});

test('reads UTM and click ids, and leaves out what is absent', async () => {
  const { frame } = await openPage('?utm_source=news&utm_medium=email&utm_campaign=spring&gclid=G1&x=1');
  expect(frame().context).toMatchObject({
    campaign: { source: 'news', medium: 'email', name: 'spring' },
    click_ids: { gclid: 'G1' },
  });
  expect(Object.keys((await openPage()).frame().context)).not.toContain('campaign');
  expect((await openPage(`?gclid=${'g'.repeat(5_000)}`)).frame().context.click_ids.gclid).toHaveLength(500);
});

test('tells campaigns apart, in characters that a cookie takes', async () => {
  const keyOf = async (search: string) => (await openPage(search)).key;
  expect(await keyOf('?x=1')).toBe('');
  expect(await keyOf('?utm_source=a')).not.toBe(await keyOf('?utm_source=b'));
  expect(await keyOf('?utm_source=a;b|c d')).toMatch(/^[\w%]+$/);
});

test('keeps the first touch, and the last', async () => {
  const first = await openPage('?utm_source=a&gclid=G1');
  expect(first.readTouches()).toMatchObject({ first_touch: { campaign: { source: 'a' } } });
  const kept = first.store.get('touches');
  const later = await openPage('?utm_source=b');
  later.store.set('touches', kept);
  expect(later.readTouches()).toMatchObject({
    first_touch: { campaign: { source: 'a' }, click_ids: { gclid: 'G1' } },
    last_touch: { campaign: { source: 'b' } },
  });
  later.consent.keepChoice({ ads: false });
  expect(JSON.stringify(later.readTouches())).not.toContain('G1');
  const broken = await openPage();
  broken.store.set('touches', '{"cut');
  expect(broken.readTouches()).toBeUndefined();
});

test('without consent to ads, the click leaves nowhere: not in the context, the address or the touches', async () => {
  const page = await openPage('?gclid=G1&x=1&fbclid=F1#fbclid=F2', {}, { globalPrivacyControl: true });
  const frame = page.frame();
  expect(JSON.stringify([frame, page.readTouches(), page.store.get('touches')])).not.toMatch(/G1|F1|F2/);
  expect(frame.context.page).toMatchObject({ search: '?&x=1&', path: '/x' });
});

test('reads the context, and the same text while nothing in it changed', async () => {
  const { frame, readPage } = await openPage();
  expect(frame()).toEqual({
    anonymous_id: expect.any(String),
    session_id: expect.any(String),
    context: {
      library,
      screen: { width: 1920, height: 1080, density: 2 },
      viewport: { width: 1000, height: 500 },
      locale: 'de-DE',
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      consent: { analytics: true, ads: true },
      page: { url: 'https://a.example/x', path: '/x', title: 'T' },
    },
  });
  const before = readPage();
  expect(readPage()).toBe(before);
  Object.assign(document, { title: 'Other' });
  expect(readPage()).toContain('Other');
});

test.each([
  [true, { webdriver: '?1' }],
  [false, undefined],
  [undefined, undefined],
])('says where a program drives the browser, and nothing else: %s', async (webdriver, hints) => {
  const { context } = (await openPage('', {}, { webdriver })).frame();
  expect(context.client_hints).toEqual(hints);
  expect(Object.hasOwn(context, 'client_hints')).toBe(hints !== undefined);
});

test('the library names the version of its package', () => {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(library.version).toBe(version);
});
