import type { WireEvent } from '@px-platform/schemas';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSdkHarness, type SdkHarness, waitUntil } from '../src/sdk-harness.ts';

let harness: SdkHarness;
let page: Page;
let from = 0;
beforeAll(async () => {
  harness = await openSdkHarness((snippet, path) =>
    path.startsWith('/blank')
      ? '<!doctype html><title>Elsewhere</title>'
      : `<!doctype html><title>Shop</title>${snippet}`,
  );
});
afterAll(() => harness.close());
beforeEach(async () => {
  page = await harness.openPage();
  harness.collector.answer(() => 202);
  from = harness.collector.deliveries.length;
});

const deliveries = () => harness.collector.deliveries.slice(from);
const arrived = (name: string): WireEvent[] =>
  deliveries()
    .filter(({ status }) => status === 202)
    .flatMap(({ batch }) => batch.events)
    .filter(({ event }) => event === name);
const numbersOf = (name: string) =>
  [...new Set(arrived(name).map(({ properties }) => Number(properties?.['n'])))].sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const loaded = async (path = '/') => {
  await page.goto(harness.site.url + path);
  await page.waitForFunction('PX.counts');
};
/** Leaves for a page without the SDK, until nothing that the left page sent is still under way. */
const leave = async () => {
  await page.goto(`${harness.site.url}/blank`);
  let seen = -1;
  let quietSince = 0;
  await waitUntil('a quiet collector', () => {
    if (deliveries().length !== seen) [seen, quietSince] = [deliveries().length, Date.now()];
    // On a busy machine the browser may try a beacon whose line was cut once more, a while later.
    return seen > 0 && Date.now() - quietSince > 1_500;
  });
};
const trackingCode = (count: number, properties = '{ n }') =>
  `for (let n = 0; n < ${count}; n += 1) PX.track('many', ${properties});`;
const trackMany = (count: number) => page.evaluate(trackingCode(count));
/**
 * Tracks and navigates in one task, and resolves on the next page: Chromium may hang when its page is closed half way.
 * Nobody waits for the left page's answer, since it may go before it gives one.
 */
const trackManyAndGo = async (count: number, properties?: string) => {
  page.evaluate(`${trackingCode(count, properties)} location.href = '/blank'`).catch(() => {});
  await page.waitForURL('**/blank');
};

test('20 events and a navigation in the same task: none is lost, without a return', async () => {
  await loaded();
  await trackManyAndGo(20);
  await waitUntil('all events', () => numbersOf('many').length === 20);
  expect(numbersOf('many')).toEqual(upTo(20));
});

test('what waits at a navigation goes with it, though the page broke its fetch, and its body decodes', async () => {
  await loaded();
  await page.evaluate('PX.flush()');
  await page.evaluate("window.fetch = () => { throw new Error('no fetch') }");
  await trackManyAndGo(3);
  await waitUntil('all events', () => numbersOf('many').length === 3);
  expect(deliveries().at(-1)).toMatchObject({
    encoding: 'plain',
    contentType: 'text/plain',
    status: 202,
  });
});

test('a long exit goes gzipped, within the quota; the rest comes with the return, each event once by its id', async () => {
  await loaded();
  await page.waitForFunction("performance.getEntriesByName(new URL('/px-gzip.js', location.href).href).length > 0");
  await page.evaluate('PX.flush()');
  const random = "{ n, pad: Array.from({ length: 750 }, () => Math.random().toString(36).slice(2, 4)).join('') }";
  await trackManyAndGo(90, random);
  await waitUntil('the first beacon', () => numbersOf('many').length > 0);
  expect(deliveries().some(({ encoding }) => encoding === 'gzip')).toBe(true);
  await loaded();
  await waitUntil('all events', () => numbersOf('many').length === 90);
  expect(new Set(arrived('many').map(({ event_id }) => event_id)).size).toBe(90);
});

test('a collector that fails three times gets each event once', async () => {
  harness.collector.answer((request) => (request <= 3 ? 500 : 202));
  await loaded();
  await trackMany(20);
  await waitUntil('all events', () => numbersOf('many').length === 20, 25_000);
  await page.evaluate('PX.flush()');
  expect(deliveries().filter(({ status }) => status === 500)).toHaveLength(3);
  expect(arrived('many').map(({ properties }) => properties?.['n'])).toEqual(upTo(20));
  expect(await page.evaluate('PX.counts()')).toMatchObject({ retried: 3 });
});

test('collector down, leave, return: all arrive, none twice', async () => {
  harness.collector.answer(() => 'down');
  await loaded();
  await trackMany(25);
  await leave();
  expect(arrived('many')).toHaveLength(0);
  harness.collector.answer(() => 202);
  await loaded('/back');
  await waitUntil('all events', () => numbersOf('many').length === 25);
  await page.evaluate('PX.flush()');
  expect(arrived('many')).toHaveLength(25);
  expect(arrived('page_view').map(({ context }) => context?.page?.path)).toEqual(['/', '/back']);
  const left = await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('queue')).length");
  expect(left).toBe(0);
});

test('a page that is killed leaves its events to the next', async () => {
  await loaded();
  const context = harness.context();
  await page.evaluate('PX.flush()');
  await trackMany(10);
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // The answer never comes: who would give it is gone.
  session.send('Page.crash').catch(() => {});
  await crashed;
  page = await context.newPage();
  await loaded();
  await waitUntil('all events', () => numbersOf('many').length === 10);
});

test('three pages that open together recover each event once', async () => {
  harness.collector.answer(() => 'down');
  await loaded();
  await trackMany(10);
  await leave();
  harness.collector.answer(() => 202);
  const pages = await Promise.all(upTo(3).map(() => harness.context().newPage()));
  await Promise.all(pages.map((other) => other.goto(harness.site.url)));
  await waitUntil('all events', () => numbersOf('many').length === 10);
  await Promise.all(pages.map((other) => other.evaluate('PX.flush()')));
  expect(arrived('many')).toHaveLength(10);
  const sessions = deliveries()
    .filter(({ status }) => status === 202)
    .map(({ batch }) => batch.session_id);
  expect(new Set(sessions).size).toBe(1);
});

test('a hidden page sends what waits at once, and does not send again what was answered', async () => {
  await loaded();
  await page.evaluate('PX.flush()');
  const setVisibility = (state: string) =>
    page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
    );
  await trackMany(1);
  await setVisibility('hidden');
  await waitUntil('the event', () => arrived('many').length === 1);
  await setVisibility('visible');
  await page.evaluate("PX.track('after'); PX.flush()");
  await waitUntil('the next event', () => arrived('after').length === 1);
  expect(arrived('many')).toHaveLength(1);
});

test('never a preflight, never an error in the page', () => {
  expect(harness.collector.preflights()).toBe(0);
  expect(harness.pageErrors).toEqual([]);
});
