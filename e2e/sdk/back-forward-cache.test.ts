import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchCachingChromium } from '../src/browser.ts';
import { openSdkHarness, type SdkHarness, waitUntil } from '../src/sdk-harness.ts';

let harness: SdkHarness;
beforeAll(async () => {
  harness = await openSdkHarness(
    (snippet, path) => `<!doctype html><title>${path}</title>${snippet}`,
    launchCachingChromium,
  );
});
afterAll(() => harness.close());

test('a page comes back from the back/forward cache, counts once, and loses nothing', async () => {
  const page = await harness.openPage();
  const { site, collector } = harness;
  await page.goto(`${site.url}/one`);
  await page.waitForFunction('PX.counts');
  await page.evaluate(
    "addEventListener('pageshow', ({ persisted }) => { window.isRestored = persisted }); PX.track('left')",
  );
  await page.goto(`${site.url}/two`);
  await page.waitForFunction('PX.counts');
  // The answer is lost with the page that was asked.
  page.evaluate('history.back()').catch(() => {});
  await page.waitForFunction('window.isRestored === true');
  await page.evaluate("PX.track('restored'); PX.flush()");
  const arrived = () =>
    new Map(collector.accepted().map(({ event_id, event, context }) => [event_id, `${event} ${context?.page?.path}`]));
  await waitUntil('the last event', () => [...arrived().values()].includes('restored /one'));
  expect([...arrived().values()].sort()).toEqual(
    [
      'left /one',
      'page_view /one',
      'page_view /one',
      'page_view /two',
      'restored /one',
      'scroll /one',
      'scroll /two',
    ].sort(),
  );
  expect(harness.pageErrors).toEqual([]);
});
