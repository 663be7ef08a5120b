import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchCachingChromium, launchPrerenderingChromium } from '../../src/browser.ts';
import { openShop, type Shop } from '../../src/shop.ts';
import type { StoredRow } from '../../src/stored-project.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop(launchCachingChromium);
});
afterAll(() => shop.close());

const pathsOf = (rows: readonly StoredRow[], name: string) =>
  rows.filter(({ event }) => event === name).map(({ path }) => path);
/** What the browser says of a page that it did not keep, such as `weblocks-contention`. */
const whyNotRestored =
  "performance.getEntriesByType('navigation')[0].notRestoredReasons?.reasons.map(({ reason }) => reason).join() ?? 'restored'";
const rules =
  '<script type="speculationrules">{"prerender":[{"source":"list","urls":["/ahead"],"eagerness":"immediate"}]}</script>';

test('a page that is rendered ahead counts when it is shown, once, and not before', async () => {
  const visitor = await shop.newVisitor((path) => ({
    before: path === '/ahead' ? "fetch('/signal-ahead'); window.wasAhead = document.prerendering" : '',
    body: path === '/ahead' ? '' : `<a id="go" href="/ahead">Go</a>${rules}`,
  }));
  const browser = await launchPrerenderingChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${shop.pages.port}/first`);
    await expect.poll(() => shop.pages.asked.includes('/signal-ahead'), { timeout: 15_000 }).toBe(true);
    await page.evaluate("PX.track('before'); PX.flush()");
    expect(pathsOf(await visitor.stored('before'), 'page_view')).toEqual(['/first']);
    await Promise.all([page.waitForNavigation(), page.click('#go')]);
    await page.waitForFunction("location.pathname === '/ahead' && window.PX && PX.counts");
    expect(await page.evaluate('wasAhead')).toBe(true);
    await page.evaluate("PX.track('after'); PX.flush()");
    const rows = await visitor.stored('after');
    expect(pathsOf(rows, 'page_view')).toEqual(['/first', '/ahead']);
    expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
  } finally {
    await browser.close();
  }
});

test('a page that is frozen sends what waits, and goes on when it thaws, with the one view it was', async () => {
  const visitor = await shop.newVisitor({ body: '<button id="b">Go</button>' });
  await visitor.open();
  await visitor.run('PX.flush()');
  await visitor.stored('page_view');
  const session = await visitor.context.newCDPSession(visitor.page);
  await visitor.run("PX.track('waits')");
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await visitor.stored('waits');
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await visitor.page.click('#b');
  await visitor.run("PX.track('after')");
  await visitor.leave();
  const rows = await visitor.stored('after', 'click');
  for (const name of ['page_view', 'waits', 'click', 'after']) expect(pathsOf(rows, name)).toHaveLength(1);
  expect(pathsOf(rows, 'scroll').length).toBeLessThanOrEqual(1);
});

test('back and forth through the cache: each showing is one view, each click one click', async () => {
  const visitor = await shop.newVisitor({ body: '<button id="b">Go</button>' });
  await visitor.open('/one');
  await visitor.run(
    "addEventListener('pageshow', ({ persisted }) => { window.restored = (window.restored ?? 0) + persisted })",
  );
  await visitor.open('/two');
  await visitor.run(
    "addEventListener('pageshow', ({ persisted }) => { window.restored = (window.restored ?? 0) + persisted })",
  );
  for (const [direction, path, times] of [
    ['back', '/one', 1],
    ['forward', '/two', 1],
    ['back', '/one', 2],
  ] as const) {
    visitor.run(`history.${direction}()`).catch(() => {});
    await visitor.page.waitForFunction(`location.pathname === '${path}' && window.PX && PX.counts`);
    expect([await visitor.run('window.restored'), await visitor.run(whyNotRestored)]).toEqual([times, 'restored']);
    await visitor.page.click('#b');
  }
  await visitor.run("PX.track('end'); PX.flush()");
  const rows = await visitor.stored(
    'end',
    'click',
    'click',
    'click',
    'page_view',
    'page_view',
    'page_view',
    'page_view',
    'page_view',
  );
  expect(pathsOf(rows, 'page_view').sort()).toEqual(['/one', '/one', '/one', '/two', '/two']);
  expect(pathsOf(rows, 'click').sort()).toEqual(['/one', '/one', '/two']);
  expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
  expect(visitor.errors).toEqual([]);
});
