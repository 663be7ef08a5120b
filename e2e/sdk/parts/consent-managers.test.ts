import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** As Google's tag does it: the call's own `arguments` go into the list. */
const gtag = 'window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) }';
const say = (what: 'default' | 'update', state: 'granted' | 'denied') =>
  `gtag('consent', '${what}', { analytics_storage: '${state}', ad_storage: '${state}', ad_user_data: '${state}', ad_personalization: '${state}' })`;
/** A consent manager whose visitor decides when the test says so. */
const tcf = `window.__tcfapi = (command, version, callback) => { if (command !== 'addEventListener') return;
  (__tcfapi.all ??= []).push(callback); callback({ eventStatus: 'cmpuishown', gdprApplies: true, purpose: { consents: {} } }, true) };
  window.decide = (consents, more) => __tcfapi.all.forEach((tell) => tell({ eventStatus: 'useractioncomplete', gdprApplies: true, purpose: { consents }, ...more }, true))`;

/** The options' file has come and has been run. */
const optionsAreThere = async (visitor: Visitor) => {
  await visitor.page.waitForFunction("performance.getEntriesByName(new URL('/px-options.js', location.href).href)[0]");
  await visitor.run(
    'import(new URL("/px-options.js", location.href)).then(() => new Promise((done) => setTimeout(done)))',
  );
};
const shopWith = (option: string, before: string) => shop.newVisitor({ before, options: `{ ${option}: true }` });
const passed = (visitor: Visitor) =>
  shop.gate.passed.filter(({ batch }) => JSON.stringify(batch).includes(visitor.apiKey));

test('Consent Mode: what a denied default holds back goes out with the update that grants it', async () => {
  const visitor = await shopWith('consentMode', `${gtag}; ${say('default', 'denied')}`);
  await visitor.open('/?gclid=AdClick1');
  await optionsAreThere(visitor);
  await visitor.run("PX.track('before'); PX.flush()");
  expect(passed(visitor)).toEqual([]);
  expect(await visitor.kept()).toEqual([]);
  await visitor.run(say('update', 'granted'));
  await visitor.run("PX.track('after'); PX.flush()");
  const rows = await visitor.stored('page_view', 'before', 'after');
  expect(rows.map(({ event }) => event)).toEqual(['page_view', 'before', 'after']);
  expect(rows.at(-1)).toMatchObject({
    consent_analytics: 'granted',
    consent_ads: 'granted',
    click_ids: { gclid: 'AdClick1' },
  });
});

test('Consent Mode: a visitor who agreed is the same on the next page, though its default is denied again', async () => {
  const visitor = await shopWith(
    'consentMode',
    `${gtag}; ${say('default', 'denied')}; setTimeout(() => ${say('update', 'granted')}, 20)`,
  );
  for (const path of ['/one', '/two']) {
    await visitor.open(path);
    await optionsAreThere(visitor);
    await visitor.page.waitForFunction('dataLayer.length === 2');
    await visitor.run("PX.track('seen'); PX.flush()");
  }
  const rows = await visitor.stored('seen', 'seen', 'page_view', 'page_view');
  expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(1);
  expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
});

test('Consent Mode: an update that denies throws away what was held, and what comes after', async () => {
  const visitor = await shopWith('consentMode', `${gtag}; ${say('default', 'denied')}`);
  await visitor.open();
  await optionsAreThere(visitor);
  await visitor.run("PX.track('before')");
  await visitor.run(say('update', 'denied'));
  await visitor.run("PX.track('after'); PX.flush()");
  await visitor.run(say('update', 'granted'));
  await visitor.run("PX.track('later'); PX.flush()");
  const rows = await visitor.stored('later');
  expect(rows.map(({ event }) => event)).toEqual(['later']);
});

test('Consent Mode: a granted default measures from the start, without an update', async () => {
  const visitor = await shopWith('consentMode', `${gtag}; ${say('default', 'granted')}`);
  await visitor.open();
  await optionsAreThere(visitor);
  await visitor.run("PX.track('made'); PX.flush()");
  await visitor.stored('page_view', 'made');
});

test('Consent Mode: analytics without ads measures without the ad click', async () => {
  const visitor = await shopWith('consentMode', `${gtag}; ${say('default', 'denied')}`);
  await visitor.open('/?gclid=AdClick1&utm_source=news');
  await optionsAreThere(visitor);
  await visitor.run("gtag('consent', 'update', { analytics_storage: 'granted', ad_storage: 'denied' })");
  await visitor.run("PX.track('made'); PX.flush()");
  const rows = await visitor.stored('made');
  expect(rows.at(-1)).toMatchObject({ consent_ads: 'denied', utm_source: 'news' });
  expect(JSON.stringify(rows)).not.toContain('AdClick1');
});

test('TCF: nothing leaves while the visitor is asked; what they grant decides', async () => {
  const visitor = await shopWith('tcf', tcf);
  await visitor.open('/?gclid=AdClick1');
  await optionsAreThere(visitor);
  await visitor.run("PX.track('before'); PX.flush()");
  expect(passed(visitor)).toEqual([]);
  expect(await visitor.kept()).toEqual([]);
  await visitor.run('decide({ 1: true, 8: true })');
  await visitor.run("PX.track('after'); PX.flush()");
  const rows = await visitor.stored('page_view', 'before', 'after');
  expect(rows.at(-1)).toMatchObject({ consent_analytics: 'granted', consent_ads: 'denied' });
  expect(JSON.stringify(rows)).not.toContain('AdClick1');
  await visitor.run('decide({ 1: true, 3: true, 4: true, 8: true })');
  await visitor.run("PX.track('ads'); PX.flush()");
  expect((await visitor.stored('ads')).at(-1)).toMatchObject({
    consent_ads: 'granted',
    click_ids: { gclid: 'AdClick1' },
  });
});

test('TCF: who refuses is forgotten; where the GDPR does not apply, all is granted', async () => {
  const refusing = await shopWith('tcf', tcf);
  await refusing.open();
  await optionsAreThere(refusing);
  await refusing.run("PX.track('before'); decide({ 8: true }); PX.track('after'); PX.flush()");
  expect(passed(refusing)).toEqual([]);
  await refusing.leave();
  expect((await refusing.kept()).filter((name) => !name.includes('choice'))).toEqual([]);
  expect(await refusing.kept()).toContainEqual(expect.stringContaining('choice'));
  const elsewhere = await shopWith('tcf', tcf);
  await elsewhere.open();
  await optionsAreThere(elsewhere);
  await elsewhere.run("PX.track('before'); decide({}, { gdprApplies: false }); PX.flush()");
  const rows = await elsewhere.stored('page_view', 'before');
  expect(rows.at(-1)).toMatchObject({ event: 'before' });
  expect(passed(refusing)).toEqual([]);
});
