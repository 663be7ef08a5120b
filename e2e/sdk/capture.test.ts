import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSdkHarness, type SdkHarness, waitUntil } from '../src/sdk-harness.ts';

const body = `
<button id="buy" class="primary large" data-px-plan="pro"><span><b>Buy</b>   now</span></button>
<p><a href="/pricing?x=1#top" onclick="event.preventDefault()">See <i>prices</i></a> <a href="mailto:ann@example.com" onclick="event.preventDefault()">Write</a></p>
<form onsubmit="return false"><input name="id" value="clobbers"><input id="email" value="secret-mail">
<input id="pw" type="password" value="secret-pw"><textarea id="note">secret-note</textarea><div id="edit" contenteditable>secret-edit</div></form>
<div data-px-ignore><button id="hidden">secret-button</button></div>
<main id="main"><h1>Title</h1><p>secret-story</p></main>
<label id="terms">I have read <input type="checkbox" id="agree"></label>
<ul><li>one</li><li>two</li></ul>
<div id="host"></div>
<script>document.getElementById('host').attachShadow({mode:'open'}).innerHTML='<button>In shadow</button>'</script>`;

let harness: SdkHarness;
beforeAll(async () => {
  harness = await openSdkHarness((snippet, path) => `<!doctype html><title>Page ${path}</title>${snippet}${body}`);
});
afterAll(() => harness.close());
let page: Page;
let from = 0;
beforeEach(async () => {
  page = await harness.openPage();
  from = harness.collector.accepted().length;
});

/** What arrived during this test under a name. */
const arrived = (name: string) =>
  harness.collector
    .accepted()
    .slice(from)
    .filter(({ event }) => event === name);
const flush = () => page.evaluate('PX.flush()');
const loaded = async (path = '/') => {
  await page.goto(harness.site.url + path);
  await page.waitForFunction('PX.counts');
};

test('the first load and a click arrive, across origins, without a preflight', async () => {
  await loaded('/shop?utm_source=news&gclid=G1');
  await page.click('#buy b');
  await waitUntil('page view and click', () => arrived('page_view').length === 1 && arrived('click').length === 1);
  const [view] = arrived('page_view');
  expect(view?.context?.page).toMatchObject({ path: '/shop', title: 'Page /shop?utm_source=news&gclid=G1' });
  expect(view?.event_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
  expect(arrived('click')[0]?.properties).toEqual({
    selector: 'button#buy',
    tag: 'button',
    id: 'buy',
    classes: ['primary', 'large'],
    text: 'Buy now',
    data: { plan: 'pro' },
  });
  const delivery = harness.collector.deliveries.at(-1);
  expect(delivery?.contentType).toBe('text/plain');
  expect(delivery?.url).toBe('/api/v1/events/batch');
  expect(delivery?.batch).toMatchObject({
    api_key: 'px_pub_test_key',
    anonymous_id: expect.any(String),
    session_id: expect.any(String),
    sent_at: expect.stringMatching(/Z$/),
    context: {
      library: { name: 'px-web' },
      campaign: { source: 'news' },
      click_ids: { gclid: 'G1' },
      locale: 'en-US',
      viewport: { width: 1280, height: 720 },
    },
  });
  expect(harness.collector.preflights()).toBe(0);
  expect(harness.pageErrors).toEqual([]);
});

test('clicks tell of the element, never of what a person typed or what is to be ignored', async () => {
  await loaded();
  for (const target of [
    'p a >> nth=0',
    'p a >> nth=1',
    '#email',
    '#pw',
    '#note',
    '#edit',
    '#hidden',
    '#main',
    'li >> nth=1',
  ]) {
    await page.click(target, { position: { x: 2, y: 2 } });
  }
  await page.click('#host button');
  await flush();
  const clicks = arrived('click').map(({ properties }) => properties ?? {});
  expect(clicks).toEqual([
    {
      selector: 'body:nth-child(2) > p:nth-child(2) > a:nth-child(1)',
      tag: 'a',
      text: 'See prices',
      href: `${harness.site.url}/pricing?x=1#top`,
    },
    { selector: 'body:nth-child(2) > p:nth-child(2) > a:nth-child(2)', tag: 'a', text: 'Write', href: 'mailto:' },
    { selector: 'input#email', tag: 'input', id: 'email' },
    { selector: 'textarea#note', tag: 'textarea', id: 'note' },
    { selector: 'div#edit', tag: 'div', id: 'edit' },
    expect.objectContaining({ tag: expect.stringMatching(/^(h1|main)$/) }),
    { selector: 'body:nth-child(2) > ul:nth-child(7) > li:nth-child(2)', tag: 'li', text: 'two' },
    { selector: 'div#host > button:nth-child(1)', tag: 'button', text: 'In shadow' },
  ]);
  expect(JSON.stringify(harness.collector.deliveries)).not.toContain('secret-');
});

test('history gives one page view per path: load, push, same, query, fragment, back, back, back', async () => {
  await loaded('/');
  const steps = [
    "history.pushState({}, '', '/a')",
    "history.replaceState({}, '', '/a')",
    "history.pushState({}, '', '/a?x=1')",
    "location.hash = 'part'",
    'history.back()',
    'history.back()',
    'history.back()',
  ];
  for (const step of steps) {
    await page.evaluate(step);
    await page.evaluate('new Promise((done) => setTimeout(done, 100))');
  }
  await flush();
  const urls = arrived('page_view').map(({ context }) => context?.page?.url?.slice(harness.site.url.length));
  expect(urls).toEqual(['/', '/a', '/']);
  const referrers = arrived('page_view').map(({ context }) => context?.page?.referrer);
  expect(referrers).toEqual([undefined, '/', '/a'].map((path) => path && harness.site.url + path));
});

test('a router’s push and replace in one task are one view; a replaced path counts, a replaced query does not', async () => {
  await loaded('/');
  await page.evaluate("history.pushState({}, '', '/b'); history.replaceState({}, '', '/c')");
  await page.evaluate('new Promise((done) => setTimeout(done, 50))');
  await page.evaluate("history.replaceState({}, '', '/c?sort=up')");
  await page.evaluate('new Promise((done) => setTimeout(done, 50))');
  await page.evaluate("history.replaceState({}, '', '/d')");
  await page.evaluate('new Promise((done) => setTimeout(done, 50))');
  await flush();
  expect(arrived('page_view').map(({ context }) => context?.page?.path)).toEqual(['/', '/c', '/d']);
});

test('calls before the file arrives are replayed with their time', async () => {
  await page.route('**/px.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    await route.continue();
  });
  await page.goto(harness.site.url, { waitUntil: 'commit' });
  await page.waitForFunction('window.PX && PX._q');
  const calledAt = await page.evaluate<number>("window.kept = PX; PX.track('early', { n: 1 }); Date.now()");
  await page.waitForFunction('PX.counts');
  await page.evaluate("kept.track('late')");
  await flush();
  const early = arrived('early')[0];
  expect(Math.abs(Date.parse(early?.timestamp ?? '') - calledAt)).toBeLessThan(50);
  expect(arrived('late')).toHaveLength(1);
  expect(arrived('page_view')).toHaveLength(1);
});

test('identify names the person on every later page, reset forgets them', async () => {
  await loaded('/');
  await page.evaluate("PX.identify('user_1', { plan: 'pro' }); PX.flush()");
  await loaded('/next');
  await page.evaluate("PX.track('known'); PX.reset(); PX.track('forgotten'); PX.flush()");
  await waitUntil('the last event', () => arrived('forgotten').length === 1);
  const batchOf = (name: string) =>
    harness.collector.deliveries.find(({ batch }) => batch.events.some((event) => arrived(name).includes(event)))
      ?.batch;
  expect(arrived('identify')[0]?.traits).toEqual({ plan: 'pro' });
  expect(batchOf('identify')?.user_id).toBe('user_1');
  expect(batchOf('known')?.user_id).toBe('user_1');
  expect(batchOf('forgotten')?.user_id).toBeUndefined();
  expect(batchOf('forgotten')?.anonymous_id).not.toBe(batchOf('known')?.anonymous_id);
});

test('nothing a page does with it throws into the page', async () => {
  await loaded();
  await page.evaluate(`
    const loop = {}; loop.self = loop;
    const thrower = { get bad() { throw new Error('getter') }, good: 1 };
    PX.track('hostile', { loop, thrower, big: 10n, node: document.body, win: window, fn() {}, sym: Symbol('x'),
      proxy: new Proxy({}, { ownKeys() { throw new Error('proxy') } }), date: new Date(NaN) });
    PX.track(); PX.track(null); PX.track('x'.repeat(500)); PX.track('big', { text: Array(40).fill('x'.repeat(8000)) });
    PX.identify(); PX.identify({}); PX.identify(null, thrower); PX.page(document); PX.init(); PX.init({});
    PX.init({ apiKey: 'again', projectId: 'again' });
    document.body.dispatchEvent(new MouseEvent('click'));
    Object.defineProperty(document, 'title', { get() { throw new Error('title') } });
    PX.track('after'); PX.page();
    localStorage.__proto__.setItem = () => { throw new Error('denied') };
    PX.flush();`);
  await waitUntil('the hostile event', () => arrived('hostile').length === 1);
  expect(arrived('hostile')[0]?.properties).toMatchObject({ big: '10', thrower: { good: 1 } });
  const counts = await page.evaluate<Record<string, number>>('PX.counts()');
  expect(counts).toMatchObject({
    invalid_event_name: 3,
    event_too_large: 1,
    invalid_id: 3,
    init_again: 3,
  });
  expect(harness.pageErrors).toEqual([]);
});

test('works where storage and cookies are denied', async () => {
  await page.goto(`${harness.site.url}/`);
  const html = `<script>onerror = (text) => { parent.failed = text }</script>${await page.content()}`;
  await page.evaluate(
    `document.body.innerHTML = ''; const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';
     frame.srcdoc = ${JSON.stringify(html).replaceAll('</', '<\\/')}.replace('"/px.js"', '"${harness.site.url}/px.js"'); document.body.append(frame)`,
  );
  await waitUntil('a view from the sandbox', () =>
    arrived('page_view').some(({ context }) => context?.page?.path === 'srcdoc'),
  );
  expect(harness.pageErrors).toEqual([]);
});

test('a click on a label is told once, as the click on its control', async () => {
  await loaded();
  await page.click('#terms', { position: { x: 5, y: 5 } });
  expect(await page.isChecked('#agree')).toBe(true);
  await flush();
  await waitUntil('the click', () => arrived('click').length > 0);
  expect(arrived('click').map((click) => click.properties?.['selector'])).toEqual([
    expect.stringContaining('input#agree'),
  ]);
});
