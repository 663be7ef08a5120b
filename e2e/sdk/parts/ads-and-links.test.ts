import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const cookie = (visitor: Visitor, name: string) =>
  visitor.run<string>(`document.cookie.split('; ').find((pair) => pair.startsWith('${name}='))?.split('=')[1] ?? ''`);
/** The options' file has come and has been run. */
const optionsAreThere = async (visitor: Visitor) => {
  await visitor.page.waitForFunction("performance.getEntriesByName(new URL('/px-options.js', location.href).href)[0]");
  await visitor.run(
    'import(new URL("/px-options.js", location.href)).then(() => new Promise((done) => setTimeout(done)))',
  );
};
const madeRow = async (visitor: Visitor, name: string) =>
  (await visitor.stored(name)).find(({ event }) => event === name);

test('metaCookies: makes both in Meta’s form, adds them to events, keeps them, and takes a new click’s id', async () => {
  const visitor = await shop.newVisitor({ options: '{ metaCookies: true }' });
  await visitor.open('/?fbclid=Click_One');
  await optionsAreThere(visitor);
  await visitor.run("PX.track('made'); PX.flush()");
  const [fbp, fbc] = [await cookie(visitor, '_fbp'), await cookie(visitor, '_fbc')];
  expect(fbp).toMatch(/^fb\.1\.\d{13}\.\d{1,10}$/);
  expect(fbc).toMatch(/^fb\.1\.\d{13}\.Click_One$/);
  expect(Math.abs(Number(fbc.split('.')[2]) - Date.now())).toBeLessThan(60_000);
  expect((await madeRow(visitor, 'made'))?.properties).toEqual({ fbp, fbc });
  await visitor.open('/next');
  await optionsAreThere(visitor);
  await visitor.run("PX.track('next')");
  expect([await cookie(visitor, '_fbp'), await cookie(visitor, '_fbc')]).toEqual([fbp, fbc]);
  await visitor.open('/back?fbclid=Click_Two');
  await optionsAreThere(visitor);
  await visitor.run("PX.track('back')");
  await visitor.page.waitForFunction("document.cookie.includes('Click_Two')");
  expect(await cookie(visitor, '_fbp')).toBe(fbp);
});

test('metaCookies: keeps what Meta’s own pixel wrote', async () => {
  const visitor = await shop.newVisitor({
    before: "document.cookie = '_fbp=fb.1.1700000000000.42;path=/'",
    options: '{ metaCookies: true }',
  });
  await visitor.open();
  await optionsAreThere(visitor);
  await visitor.run("PX.track('made'); PX.flush()");
  expect((await madeRow(visitor, 'made'))?.properties).toEqual({ fbp: 'fb.1.1700000000000.42' });
  expect(await visitor.kept()).not.toContain('cookie _fbc');
});

test.each([
  ['who was not asked', '', '{ metaCookies: true, requireConsent: true }', ''],
  [
    'who agreed to analytics alone',
    '',
    '{ metaCookies: true, requireConsent: true }',
    'PX.setConsent({ analytics: true, ads: false })',
  ],
  [
    'whose browser says GPC',
    "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })",
    '{ metaCookies: true }',
    '',
  ],
])('metaCookies: makes none for a visitor %s', async (_, before, options, after) => {
  const visitor = await shop.newVisitor({ before, options });
  await visitor.open('/?fbclid=Click_One');
  await visitor.run(after);
  await optionsAreThere(visitor);
  await visitor.settle();
  expect((await visitor.kept()).filter((name) => name.includes('_fb'))).toEqual([]);
  await visitor.run("PX.setConsent({ analytics: true }); PX.track('made'); PX.flush()");
  expect((await madeRow(visitor, 'made'))?.properties).toEqual({});
});

test('metaCookies: makes them once ads are agreed to, and tells them no more once that is taken back', async () => {
  const visitor = await shop.newVisitor({ options: '{ metaCookies: true, requireConsent: true }' });
  await visitor.open('/?fbclid=Click_One');
  await optionsAreThere(visitor);
  await visitor.run('PX.setConsent({ analytics: true, ads: true })');
  await visitor.run("PX.track('agreed'); PX.flush()");
  expect(Object.keys((await madeRow(visitor, 'agreed'))?.properties ?? {}).sort()).toEqual(['fbc', 'fbp']);
  await visitor.run("PX.setConsent({ ads: false }); PX.track('refused'); PX.flush()");
  expect((await madeRow(visitor, 'refused'))?.properties).toEqual({});
});

const links = `<a id="pay" href="/blank?cart=7#step" data-px-decorate>Pay</a>
<a id="own" href="https://pay.example/checkout" data-px-decorate="client_reference_id" onclick="event.preventDefault()">Elsewhere</a>
<a id="plain" href="/blank?plain=1" onclick="event.preventDefault()">Plain</a>`;

test('decorateParameter: a marked link bears a new id, which is stored as soon as the page is left', async () => {
  const visitor = await shop.newVisitor({ options: "{ decorateParameter: 'px_click' }", body: links });
  await visitor.open();
  await optionsAreThere(visitor);
  await visitor.page.click('#plain');
  await visitor.page.click('#own');
  await visitor.page.click('#own');
  const href = (id: string) => visitor.run<string>(`document.getElementById('${id}').href`);
  const own = new URL(await href('own'));
  expect([...own.searchParams.keys()]).toEqual(['client_reference_id']);
  expect(await href('plain')).toMatch(/\/blank\?plain=1$/);
  await visitor.page.click('#pay');
  await visitor.page.waitForURL('**/blank?**');
  const rows = await visitor.stored(
    'link_decorated',
    'link_decorated',
    'link_decorated',
    'click',
    'click',
    'click',
    'click',
  );
  const told = rows.filter(({ event }) => event === 'link_decorated').map(({ properties }) => properties);
  const landed = new URL(visitor.page.url());
  expect([landed.searchParams.get('cart'), landed.hash]).toEqual(['7', '#step']);
  expect(told).toEqual([
    { click_id: expect.stringMatching(uuid), host: 'pay.example', path: '/checkout' },
    { click_id: own.searchParams.get('client_reference_id'), host: 'pay.example', path: '/checkout' },
    { click_id: landed.searchParams.get('px_click'), host: landed.host, path: '/blank' },
  ]);
  expect(new Set(told.map(({ click_id }) => click_id)).size).toBe(3);
});

test('without the option, a marked link stays as it is', async () => {
  const visitor = await shop.newVisitor({ body: links });
  await visitor.open();
  await visitor.page.click('#pay');
  await visitor.page.waitForURL('**/blank?cart=7#step');
  expect((await visitor.stored('click')).map(({ event }) => event)).not.toContain('link_decorated');
  expect(shop.pages.asked.slice(shop.pages.asked.lastIndexOf('/px.js'))).not.toContain('/px-options.js');
});

test('a shop that forgot px-options.js is told so by the counts, and measured all the same', async () => {
  const visitor = await shop.newVisitor(
    { options: "{ metaCookies: true, decorateParameter: 'px_click' }", body: links },
    { missing: ['px-options.js', 'px-gzip.js'] },
  );
  await visitor.open();
  await visitor.page.waitForFunction('PX.counts().options_missing');
  expect(await visitor.counts()).toMatchObject({ options_missing: 1 });
  await visitor.run("PX.track('made'); PX.flush()");
  await visitor.stored('page_view', 'made');
  await visitor.page.click('#pay');
  await visitor.page.waitForURL('**/blank?cart=7#step');
  await visitor.stored('click', 'scroll');
  expect(visitor.errors).toEqual([]);
});
