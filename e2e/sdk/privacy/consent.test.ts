import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const eventsOf = async (visitor: Visitor, ...awaited: string[]) =>
  (await visitor.stored(...awaited)).map(({ event }) => event);
const sent = (visitor: Visitor) =>
  shop.gate.passed.filter(({ batch }) => JSON.stringify(batch).includes(visitor.apiKey));
const choice = /_choice_/;

test('requireConsent: until it is given, nothing is on the device and nothing leaves', async () => {
  const visitor = await shop.newVisitor({ options: '{ requireConsent: true }', body: '<button id="b">Go</button>' });
  await visitor.open('/?utm_source=news&gclid=AdClick1');
  await visitor.page.click('#b');
  await visitor.run("PX.track('made'); PX.register({ plan: 'pro' }); PX.identify('ann'); PX.flush()");
  expect(await visitor.kept()).toEqual([]);
  await visitor.leave();
  expect(await visitor.kept()).toEqual([]);
  await visitor.open('/next');
  expect(await visitor.kept()).toEqual([]);
  expect(sent(visitor)).toEqual([]);
});

test('requireConsent: what was held is kept and sent once it is given, in place, with its times and one visitor', async () => {
  const visitor = await shop.newVisitor({ options: '{ requireConsent: true }' });
  await visitor.page.clock.install();
  await visitor.open();
  await visitor.run("PX.track('made', { n: 1 }); PX.identify('ann')");
  await visitor.pass(60_000);
  await visitor.run("PX.setConsent({ analytics: true, ads: true }); PX.track('after'); PX.flush()");
  const rows = await visitor.stored('page_view', 'made', 'identify', 'after');
  expect(rows.map(({ event }) => event)).toEqual(['page_view', 'made', 'identify', 'after']);
  expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(1);
  expect(new Set(rows.map((row) => row.session_id)).size).toBe(1);
  const [, made, , after] = rows.map((row) => Date.parse(row.timestamp));
  expect(Number(after) - Number(made)).toBeGreaterThanOrEqual(59_000);
  expect(Number(after) - Number(made)).toBeLessThan(75_000);
  expect(await visitor.kept()).toContainEqual(expect.stringMatching(/^cookie px_/));
  await visitor.open('/next');
  await visitor.run("PX.track('later'); PX.flush()");
  expect((await visitor.stored('later')).at(-1)?.anonymous_id).toBe(rows[0]?.anonymous_id);
});

test('requireConsent: a refusal throws away what was held, and is remembered; a later yes begins anew', async () => {
  const visitor = await shop.newVisitor({ options: '{ requireConsent: true }' });
  await visitor.open();
  await visitor.run("PX.track('before'); PX.setConsent({ analytics: false }); PX.track('after'); PX.flush()");
  await visitor.open('/next');
  await visitor.run("PX.track('next'); PX.flush()");
  expect((await visitor.kept()).filter((name) => !choice.test(name))).toEqual([]);
  expect(await visitor.kept()).toContainEqual(expect.stringMatching(choice));
  await visitor.run("PX.optIn(); PX.track('later'); PX.flush()");
  expect(await eventsOf(visitor, 'later')).toEqual(['later']);
});

test('ads are asked apart: a yes to analytics alone leaves the ad click at home', async () => {
  const visitor = await shop.newVisitor({ options: '{ requireConsent: true }' });
  await visitor.open('/?gclid=AdClick1&utm_source=news');
  await visitor.run("PX.setConsent({ analytics: true }); PX.track('made'); PX.flush()");
  const [made] = (await visitor.stored('made')).filter(({ event }) => event === 'made');
  expect(made).toMatchObject({ consent_analytics: 'granted', utm_source: 'news' });
  expect(made?.consent_ads).not.toBe('granted');
  expect(JSON.stringify(made)).not.toContain('AdClick1');
});

test('optOut: what waits is forgotten, what was stored is removed, and nothing is measured, here and on later pages', async () => {
  const visitor = await shop.newVisitor({ body: '<button id="b">Go</button>' });
  await visitor.open();
  await visitor.run('PX.flush()');
  await visitor.stored('page_view');
  await visitor.run("PX.register({ plan: 'pro' }); PX.track('waits'); PX.optOut(); PX.track('after')");
  await visitor.page.click('#b');
  await visitor.run('PX.flush()');
  expect((await visitor.kept()).filter((name) => !choice.test(name))).toEqual([]);
  await visitor.open('/next');
  await visitor.run("PX.track('next'); PX.flush()");
  await visitor.leave();
  expect((await visitor.kept()).filter((name) => !choice.test(name))).toEqual([]);
  await visitor.open('/again');
  await visitor.run("PX.optIn(); PX.track('back'); PX.flush()");
  expect(await eventsOf(visitor, 'back')).toEqual(['page_view', 'back']);
});

test('a choice on one tab holds in the others at their next event', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open('/one');
  const other = await visitor.context.newPage();
  await visitor.open('/two', other);
  await other.evaluate('PX.optOut()');
  await visitor.untilTold(other, '_choice_analytics');
  await visitor.run("PX.track('after'); PX.flush()");
  await other.evaluate("PX.optIn(); PX.track('back'); PX.flush()");
  expect(await eventsOf(visitor, 'back')).not.toContain('after');
});

test('cookieless: nothing is ever on the device, and each page load is a visitor of its own', async () => {
  const visitor = await shop.newVisitor({ options: '{ cookieless: true }' });
  for (const path of ['/one', '/two']) {
    await visitor.open(path);
    await visitor.run(
      "PX.identify('ann'); PX.register({ plan: 'pro' }); PX.setConsent({ ads: false }); PX.track('made'); PX.flush()",
    );
    expect(await visitor.kept()).toEqual([]);
  }
  await visitor.leave();
  expect(await visitor.kept()).toEqual([]);
  const rows = await visitor.stored('made', 'made', 'scroll', 'scroll');
  for (const path of ['/one', '/two']) {
    expect(new Set(rows.filter((row) => row.path === path).map((row) => row.anonymous_id)).size).toBe(1);
  }
  expect(new Set(rows.map((row) => row.anonymous_id)).size).toBe(2);
});

/** What the browser of a visitor says by itself. */
const signal = (name: string, value: string) =>
  `Object.defineProperty(Navigator.prototype, '${name}', { get: () => ${value}, configurable: true })`;

test.each([
  ['no more than no ads', '{}', ['page_view', 'made'], 'denied'],
  ['nothing at all', "{ gpc: 'all' }", [], ''],
  ['nothing new', "{ gpc: 'ignore' }", ['page_view', 'made'], 'granted'],
])('Global Privacy Control means %s by %s', async (_, options, events, ads) => {
  const visitor = await shop.newVisitor({ before: signal('globalPrivacyControl', 'true'), options });
  await visitor.open('/?gclid=AdClick1');
  await visitor.run("PX.track('made'); PX.flush()");
  const rows = await visitor.stored(...events);
  expect(rows.map(({ event }) => event)).toEqual(events);
  for (const row of rows) {
    expect(row.consent_ads).toBe(ads);
    if (ads === 'granted') expect(row.click_ids).toEqual({ gclid: 'AdClick1' });
    else expect(JSON.stringify(row)).not.toContain('AdClick1');
  }
  if (events.length === 0) {
    expect(sent(visitor)).toEqual([]);
    expect(await visitor.kept()).toEqual([]);
  }
});

test('Global Privacy Control outranks a yes to ads', async () => {
  const visitor = await shop.newVisitor({ before: signal('globalPrivacyControl', 'true') });
  await visitor.open('/?gclid=AdClick1');
  await visitor.run("PX.setConsent({ ads: true }); PX.track('made'); PX.flush()");
  const [made] = (await visitor.stored('made')).filter(({ event }) => event === 'made');
  expect(made?.consent_ads).toBe('denied');
  expect(JSON.stringify(made)).not.toContain('AdClick1');
});

test('Do Not Track holds where the page asks for it, and does nothing where not', async () => {
  const asking = await shop.newVisitor({ before: signal('doNotTrack', "'1'"), options: '{ dnt: true }' });
  await asking.open();
  await asking.run("PX.track('made'); PX.flush()");
  expect(sent(asking)).toEqual([]);
  expect(await asking.kept()).toEqual([]);
  const silent = await shop.newVisitor({ before: signal('doNotTrack', "'1'") });
  await silent.open();
  await silent.run("PX.track('made'); PX.flush()");
  expect(await eventsOf(silent, 'made')).toEqual(['page_view', 'made']);
});
