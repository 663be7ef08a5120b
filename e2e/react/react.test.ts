import type { WireEvent } from '@px-platform/schemas';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchCachingChromium } from '../src/browser.ts';
import { type Collector, openCollector } from '../src/collector.ts';
import type { Site } from '../src/site.ts';
import { bundlePage, openApp } from './react-site.ts';

let browser: Browser;
let collector: Collector;
let page: Page;
let site: Site | undefined;
let complaints: string[];
let options: object;

beforeAll(async () => {
  browser = await launchCachingChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  collector = await openCollector();
  options = { apiKey: 'px_pub_test_key', projectId: 'demo', endpoint: collector.url, flush: { maxWaitMs: 50 } };
  complaints = [];
  page = await browser.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});
afterEach(async () => {
  await page.close();
  await site?.close();
  await collector.close();
  expect(complaints).toEqual([]);
});

const told = (name: string): WireEvent[] => collector.accepted().filter(({ event }) => event === name);
const views = (): unknown[] => told('page_view').map(({ properties }) => properties ?? {});

describe.each([
  ['React 19', {}],
  ['React 18', { react: 'react-18', 'react-dom': 'react-dom-18' }],
])('PXProvider on %s, under StrictMode', (_, alias: Record<string, string>) => {
  let script: string;
  beforeAll(async () => {
    script = await bundlePage('provider-page', alias);
  });
  const open = async (kind: string, inner = '') => {
    site = await openApp(script, options, inner);
    await page.goto(site.url);
    await page.waitForFunction('window.mount');
    await page.evaluate(`mount('${kind}')`);
  };

  test('starts the SDK once, and keeps what children track before', async () => {
    await open('plain');
    await page.click('#buy');
    await expect.poll(() => told('bought').length).toBe(1);
    expect(told('mounted').map(({ properties }) => properties)).toEqual([{ is_same: true }]);
    expect(views()).toEqual([{}]);
    expect(await page.evaluate('measured.counts().init_again')).toBeUndefined();
  });

  test('starts it once for two providers, and for one that comes back', async () => {
    await open('nested');
    await page.evaluate("unmount(); document.querySelector('#app').replaceChildren(); mount('nested')");
    await page.click('#buy');
    await expect.poll(() => told('bought').length).toBe(1);
    expect(views()).toEqual([{}]);
    expect(await page.evaluate('measured.counts().init_again')).toBeUndefined();
  });

  test('hydrates what a server rendered', async () => {
    await open('plain', '<button type="button" id="buy">Buy</button>');
    await page.click('#buy');
    await expect.poll(() => told('bought').length).toBe(1);
    expect(told('mounted')).toHaveLength(1);
  });

  test.each(['tabs', 'two tabs'])('leaves page views to whom it is given, each once: %s', async (kind) => {
    await open(kind);
    await page.click('#next >> nth=0');
    await page.evaluate("history.pushState(null, '', '/elsewhere')");
    await page.click('#buy');
    await expect.poll(() => told('bought').length).toBe(1);
    expect(views()).toEqual([{ tab: 'one' }, { tab: 'two' }]);
  });
});

test('a page rendered ahead is a view when it is shown', async () => {
  site = await openApp(await bundlePage('provider-page'), options);
  await page.addInitScript(
    "window.isAhead = true; Object.defineProperty(document, 'prerendering', { configurable: true, get: () => isAhead })",
  );
  await page.goto(site.url);
  await page.waitForFunction('window.mount');
  await page.evaluate("mount('tabs')");
  await page.click('#buy');
  await expect.poll(() => told('bought').length).toBe(1);
  expect(views()).toEqual([]);
  await page.evaluate("isAhead = false; document.dispatchEvent(new Event('prerenderingchange'))");
  await expect.poll(views).toEqual([{ tab: 'one' }]);
});

describe('RouterPageViews, under StrictMode', () => {
  let script: string;
  beforeAll(async () => {
    script = await bundlePage('router-page');
  });
  const go = (text: string) => page.click(`text="${text}"`);

  test.each([
    ['in the root route', ''],
    ['around declared routes, under a base', '/base'],
  ])('tells each page once, with its route: %s', async (_, base) => {
    site = await openApp(script, options);
    await page.goto(`${site.url}${base}/`);
    for (const path of ['/teas/ember', '/teas/moss', '/teas/moss?sort=up', '/files/a/b']) await go(path);
    await page.click('#filter');
    await page.goBack();
    const routes = ['/', '/teas/:slug', '/teas/:slug', '/files/*', '/teas/:slug'];
    await expect.poll(views).toEqual(routes.map((route) => ({ route })));
    expect(told('page_view').map(({ context }) => context?.page?.path)).toEqual(
      ['/', '/teas/ember', '/teas/moss', '/files/a/b', '/teas/moss'].map((path) => base + path),
    );
  });

  test('tells a changed query too where asked', async () => {
    site = await openApp(script, options);
    await page.goto(`${site.url}/?by-query`);
    await go('/teas/moss');
    await go('/teas/moss?sort=up');
    await page.click('#filter');
    await expect
      .poll(() => told('page_view').map(({ context }) => context?.page?.search))
      .toEqual(['?by-query', undefined, '?sort=up', '?filter=1']);
  });

  test('tells a return from the back/forward cache once', async () => {
    site = await openApp(script, options);
    await page.goto(`${site.url}/teas/ember`);
    await expect.poll(views).toHaveLength(1);
    await page.goto('about:blank');
    await page.goBack({ waitUntil: 'commit' });
    expect(await page.evaluate("performance.getEntriesByType('navigation')[0].type")).toBe('navigate');
    await expect.poll(views).toEqual([{ route: '/teas/:slug' }, { route: '/teas/:slug' }]);
  });
});
