import type { WireEvent } from '@px-platform/schemas';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSdkHarness, type SdkHarness, waitUntil } from '../src/sdk-harness.ts';

/** What a page does to its browser before the SDK arrives, or after: by path. */
const before: Record<string, string> = {
  '/storage-throws': "Storage.prototype.getItem = () => { throw new Error('read') }",
  '/no-addEventListener': 'window.addEventListener = document.addEventListener = () => {}',
  '/toJSON': "Array.prototype.toJSON = String.prototype.toJSON = function () { return 'broken' }",
  '/no-crypto': 'Object.defineProperty(window, "crypto", { value: undefined })',
};
const after: Record<string, string> = {
  '/stringify': "JSON.stringify = () => 'broken'",
  '/fetch': "window.fetch = () => { throw new Error('patched') }",
  '/promise': 'window.Promise = undefined',
};

let harness: SdkHarness;
let page: Page;
beforeAll(async () => {
  harness = await openSdkHarness(
    (snippet, path) =>
      `<!doctype html><title>T</title><script>${before[path] ?? ''}</script>${snippet}<button id="b" onclick="this.remove()">Go</button><a id="out" href="/elsewhere">Out</a>`,
  );
});
afterAll(() => harness.close());
beforeEach(async () => {
  page = await harness.openPage();
  harness.collector.answer(() => 202);
});
const arrived = (path: string): WireEvent[] =>
  harness.collector.accepted().filter(({ context }) => context?.page?.path === path);

test.each([...Object.keys(before), ...Object.keys(after)])(
  'a page that breaks its browser (%s) is measured all the same',
  async (path) => {
    await page.goto(harness.site.url + path);
    await page.waitForFunction('PX.counts');
    await page.evaluate(`${after[path] ?? ''}; PX.track('made', { list: [1, 'a'] })`);
    await page.click('#b');
    await page.evaluate('void PX.flush()');
    await waitUntil(`what ${path} tells`, () => arrived(path).filter(({ event }) => event === 'click').length === 1);
    expect(arrived(path).find(({ event }) => event === 'made')?.properties).toEqual({ list: [1, 'a'] });
    expect(harness.pageErrors).toEqual([]);
  },
);

test('a corrupt queue, and one from a newer version, cost only what cannot be read', async () => {
  await page.goto(`${harness.site.url}/corrupt`);
  await page.waitForFunction('PX.counts');
  await page.evaluate(
    "localStorage.setItem('px_demo_queue_dead.1000001', '{\"anonymous_id'); localStorage.setItem('px_demo_queue_dead.1000002', 'null\\nnull'); localStorage.setItem('px_demo_queue2_x.1', 'newer'); localStorage.setItem('px_demo_session', '|||'); localStorage.setItem('px_demo_properties', '{\"cut')",
  );
  await page.goto(`${harness.site.url}/corrupt-next`);
  await page.waitForFunction('PX.counts');
  await page.evaluate("PX.track('made'); void PX.flush()");
  await waitUntil('the event', () => arrived('/corrupt-next').some(({ event }) => event === 'made'));
  expect(await page.evaluate("localStorage.getItem('px_demo_queue2_x.1')")).toBe('newer');
  expect(await page.evaluate("localStorage.getItem('px_demo_queue_dead.1000001')")).toBe(null);
});

test('a collector that never answers delays no link', async () => {
  harness.collector.answer(() => 'down');
  await page.goto(`${harness.site.url}/slow`);
  await page.waitForFunction('PX.counts');
  const startedAt = Date.now();
  await page.click('#out');
  await page.waitForURL('**/elsewhere');
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});

test('a page of 100,000 nodes describes a click without holding it up', async () => {
  await page.goto(`${harness.site.url}/large`);
  await page.waitForFunction('PX.counts');
  const ms = await page.evaluate<number>(
    "(() => { document.body.insertAdjacentHTML('beforeend', '<p>x</p>'.repeat(100000) + '<button id=last>Last</button>'); const at = performance.now(); document.getElementById('last').click(); return performance.now() - at })()",
  );
  expect(ms).toBeLessThan(100);
});
