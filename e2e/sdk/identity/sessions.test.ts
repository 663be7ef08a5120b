import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const minuteMs = 60_000;
/** Sessions of the events of these names, as small numbers in order of appearance. */
const sessions = async (visitor: Visitor, ...names: string[]) => {
  const rows = await visitor.stored(...names);
  const ids = names.map((name) => rows.find(({ event }) => event === name)?.session_id ?? '');
  return ids.map((id) => [...new Set(ids)].indexOf(id));
};
const track = (visitor: Visitor, name: string) => visitor.run(`PX.track('${name}'); PX.flush()`);
const visit = async (time?: string) => {
  const visitor = await shop.newVisitor({ options: '{ autocapture: false }' });
  await visitor.page.clock.install(time ? { time } : {});
  await visitor.open();
  return visitor;
};

test('a session ends after 30 minutes without an event, and not before', async () => {
  const visitor = await visit();
  await track(visitor, 'first');
  await visitor.pass(29 * minuteMs);
  await track(visitor, 'after_29');
  await visitor.pass(29 * minuteMs);
  await track(visitor, 'after_58');
  await visitor.pass(31 * minuteMs);
  await track(visitor, 'after_89');
  await visitor.open('/next');
  await track(visitor, 'next');
  expect(await sessions(visitor, 'first', 'after_29', 'after_58', 'after_89', 'next')).toEqual([0, 0, 0, 1, 1]);
});

test('a session lasts 24 hours at most, however busy', async () => {
  const visitor = await visit();
  await track(visitor, 'first');
  for (let passed = 0; passed < 23 * 60; passed += 20) {
    await visitor.pass(20 * minuteMs);
    await visitor.run("PX.track('busy')");
  }
  await track(visitor, 'after_23h');
  for (let passed = 0; passed < 80; passed += 20) {
    await visitor.pass(20 * minuteMs);
    await visitor.run("PX.track('busy')");
  }
  await track(visitor, 'after_24h');
  expect(await sessions(visitor, 'first', 'after_23h', 'after_24h')).toEqual([0, 0, 1]);
});

test('midnight ends no session, in UTC or where the visitor lives', async () => {
  const visitor = await visit('2026-11-20T23:50:00Z');
  await track(visitor, 'before');
  await visitor.pass(20 * minuteMs);
  await track(visitor, 'after');
  expect(await sessions(visitor, 'before', 'after')).toEqual([0, 0]);
});

test('a tab that was idle reads what another tab kept alive', async () => {
  const visitor = await visit();
  await track(visitor, 'idle_before');
  const other = await visitor.context.newPage();
  await visitor.open('/other', other);
  for (const name of ['busy_1', 'busy_2', 'busy_3']) {
    await visitor.pass(20 * minuteMs);
    await other.evaluate(`PX.track('${name}'); PX.flush()`);
  }
  await visitor.untilTold(other, '_person');
  await track(visitor, 'idle_after');
  expect(await sessions(visitor, 'idle_before', 'busy_1', 'busy_3', 'idle_after')).toEqual([0, 0, 0, 0]);
});

test('a new campaign starts a session; the same one, a reload, and a page within do not', async () => {
  const visitor = await shop.newVisitor({ options: '{ autocapture: false }' });
  for (const [path, name] of [
    ['/', 'direct'],
    ['/?utm_source=news&utm_campaign=may', 'may'],
    ['/?utm_source=news&utm_campaign=may', 'may_again'],
    ['/inside', 'inside'],
    ['/?utm_source=news&utm_campaign=june', 'june'],
    ['/?gclid=Click1', 'click'],
    ['/?gclid=Click2', 'click_again'],
    ['/late', 'late'],
  ] as const) {
    await visitor.open(path);
    await track(visitor, name);
  }
  expect(
    await sessions(visitor, 'direct', 'may', 'may_again', 'inside', 'june', 'click', 'click_again', 'late'),
  ).toEqual([0, 1, 1, 1, 2, 3, 4, 4]);
});

test('page views bear the first and the last touch, for good; a visit without a campaign is none', async () => {
  const visitor = await shop.newVisitor({ options: '{ autocapture: { clicks: false, scroll: false } }' });
  for (const path of [
    '/none',
    '/?utm_source=a&utm_medium=cpc&gclid=G1',
    '/inside',
    '/?utm_source=b',
    '/?fbclid=F1',
    '/end',
  ]) {
    await visitor.open(path);
    await visitor.run('PX.flush()');
  }
  const rows = await visitor.stored(...Array.from({ length: 6 }, () => 'page_view'));
  const touches = rows.map(({ properties }) => [properties['first_touch'], properties['last_touch']]);
  const touch = (campaign: object | null, ids: object | null) =>
    expect.objectContaining({
      at: expect.stringMatching(/Z$/),
      ...(campaign && { campaign }),
      ...(ids && { click_ids: ids }),
    });
  const first = touch({ source: 'a', medium: 'cpc' }, { gclid: 'G1' });
  expect(touches).toEqual([
    [undefined, undefined],
    [first, first],
    [first, first],
    [first, touch({ source: 'b' }, null)],
    [first, touch(null, { fbclid: 'F1' })],
    [first, touch(null, { fbclid: 'F1' })],
  ]);
});

test('every click id of the list is read', async () => {
  const names = ['gclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'ttclid', 'twclid', 'li_fat_id'];
  const visitor = await shop.newVisitor({ options: '{ autocapture: false }' });
  await visitor.open(`/?${names.map((name) => `${name}=id_${name}`).join('&')}`);
  await track(visitor, 'made');
  const [made] = await visitor.stored('made');
  expect(made?.click_ids).toEqual(Object.fromEntries(names.map((name) => [name, `id_${name}`])));
});
