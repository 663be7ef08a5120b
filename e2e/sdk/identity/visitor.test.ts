import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/browser.ts';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  // Names under `localhost` are secure and loopback by themselves; those under `test` are plain http, as many shops are.
  shop = await openShop(() => launchChromium(['--host-resolver-rules=MAP *.test 127.0.0.1']));
});
afterAll(() => shop.close());

const made = async (visitor: Visitor, ...names: string[]) => {
  const rows = await visitor.stored(...names);
  return names.map((name) => rows.find(({ event }) => event === name));
};
const track = (visitor: Visitor, name: string) => visitor.run(`PX.track('${name}'); PX.flush()`);
const at = (host: string, path = '/') => `http://${host}:${shop.pages.port}${path}`;

test('the visitor is kept by the cookie where the storage was cleared, and by the storage where the cookies were', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open('/one');
  await track(visitor, 'one');
  await visitor.leave();
  await visitor.run('localStorage.clear()');
  await visitor.open('/two');
  await track(visitor, 'two');
  await visitor.leave();
  await visitor.context.clearCookies();
  await visitor.open('/three');
  await track(visitor, 'three');
  const ids = (await made(visitor, 'one', 'two', 'three')).map((row) => row?.anonymous_id);
  expect(new Set(ids).size).toBe(1);
});

test('a page that clears its storage keeps its visitor, by the cookie', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open('/one');
  await track(visitor, 'one');
  await visitor.run("localStorage.clear(); sessionStorage.clear(); PX.track('two'); PX.flush()");
  await visitor.open('/two');
  await track(visitor, 'three');
  const ids = (await made(visitor, 'one', 'two', 'three')).map((row) => row?.anonymous_id);
  expect(new Set(ids).size).toBe(1);
});

test('where they disagree, the cookie wins', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open('/one');
  await track(visitor, 'one');
  await visitor.leave();
  const [before] = await made(visitor, 'one');
  await visitor.run(`for (const pair of document.cookie.split('; ')) document.cookie =
    pair.replaceAll('${before?.anonymous_id}', '01920000-0000-7000-8000-000000000001') + ';path=/'`);
  await visitor.open('/two');
  await track(visitor, 'two');
  const [, two] = await made(visitor, 'one', 'two');
  expect(two?.anonymous_id).toBe('01920000-0000-7000-8000-000000000001');
});

test('an id that somebody spoiled is made anew, and harms nothing', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open('/one');
  await visitor.leave();
  await visitor.run(`for (const pair of document.cookie.split('; ')) document.cookie = pair.split('=')[0] + '=%22%3Cscript%3E;path=/';
    for (const name of Object.keys(localStorage)) localStorage.setItem(name, '"<script>')`);
  await visitor.open('/two');
  await track(visitor, 'two');
  const [two] = await made(visitor, 'two');
  expect(two?.anonymous_id).toMatch(/^[\da-f-]{36}$/);
  expect(visitor.errors).toEqual([]);
});

test.each(['localhost', 'test'])(
  'subdomains of shop.%s share visitor and session; another site is another visitor',
  async (top) => {
    const visitor = await shop.newVisitor();
    for (const [host, name] of [
      ['www.shop', 'one'],
      ['pay.shop', 'two'],
      ['shop', 'three'],
      ['www.other', 'four'],
    ] as const) {
      await visitor.open(at(`${host}.${top}`));
      await track(visitor, name);
    }
    const [one, two, three, four] = await made(visitor, 'one', 'two', 'three', 'four');
    expect([two?.anonymous_id, three?.anonymous_id]).toEqual([one?.anonymous_id, one?.anonymous_id]);
    expect([two?.session_id, three?.session_id]).toEqual([one?.session_id, one?.session_id]);
    expect(four?.anonymous_id).not.toBe(one?.anonymous_id);
    expect(visitor.errors).toEqual([]);
  },
);

test("cookieDomain: '' keeps a visitor to one host", async () => {
  const visitor = await shop.newVisitor({ options: "{ cookieDomain: '' }" });
  await visitor.open(at('www.shop.localhost'));
  await track(visitor, 'one');
  await visitor.open(at('pay.shop.localhost'));
  await track(visitor, 'two');
  await visitor.open(at('www.shop.localhost'));
  await track(visitor, 'three');
  const [one, two, three] = await made(visitor, 'one', 'two', 'three');
  expect(two?.anonymous_id).not.toBe(one?.anonymous_id);
  expect(three?.anonymous_id).toBe(one?.anonymous_id);
});

test('tabs are one visitor in one session, whichever came first; a reset in one holds in the other', async () => {
  const visitor = await shop.newVisitor();
  const second: Page = await visitor.context.newPage();
  await Promise.all([visitor.open('/one'), visitor.open('/two', second)]);
  await track(visitor, 'one');
  await second.evaluate("PX.track('two'); PX.flush()");
  const [one, two] = await made(visitor, 'one', 'two');
  expect([two?.anonymous_id, two?.session_id]).toEqual([one?.anonymous_id, one?.session_id]);
  await second.evaluate("PX.reset(); PX.track('three'); PX.flush()");
  const [three] = await made(visitor, 'three');
  // A browser tells a tab in another process of what this one wrote when it comes to it.
  const isTold = `JSON.stringify({ ...localStorage }).includes('${three?.anonymous_id}')`;
  await visitor.page.waitForFunction(isTold, undefined, { polling: 50 });
  await track(visitor, 'four');
  const [four] = await made(visitor, 'four');
  expect(three?.anonymous_id).not.toBe(one?.anonymous_id);
  expect([four?.anonymous_id, four?.session_id]).toEqual([three?.anonymous_id, three?.session_id]);
});

test('a plain http shop, which browsers give no locks and no random ids of theirs, is measured and its links decorated', async () => {
  const visitor = await shop.newVisitor({
    options: "{ decorateParameter: 'px_click' }",
    body: '<a id="pay" href="/blank" data-px-decorate>Pay</a>',
  });
  await visitor.open(at('www.shop.test'));
  expect(await visitor.run("[isSecureContext, 'locks' in navigator, 'randomUUID' in crypto]")).toEqual([
    false,
    false,
    false,
  ]);
  await visitor.page.waitForFunction("performance.getEntriesByName(new URL('/px-options.js', location.href).href)[0]");
  await visitor.run(
    'import(new URL("/px-options.js", location.href)).then(() => new Promise((done) => setTimeout(done)))',
  );
  await visitor.page.click('#pay');
  await visitor.page.waitForURL('**/blank**');
  expect(visitor.errors).toEqual([]);
  const [decorated] = await made(visitor, 'link_decorated');
  expect(new URL(visitor.page.url()).searchParams.get('px_click')).toBe(decorated?.properties['click_id']);
});
