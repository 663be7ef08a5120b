import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../src/shop.ts';
import { readSnippet } from '../../src/site.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const bare = '{ autocapture: false }';
const stub = readSnippet('/').replace(/PX\.init\(\{.*?\}\)/s, 'PX.init(settings)');

test('super properties are on every event of every page until taken back; an event’s own outrank them', async () => {
  const visitor = await shop.newVisitor({ options: bare });
  await visitor.open();
  await visitor.run("PX.register({ plan: 'pro', seat: 1 }); PX.track('one'); PX.track('two', { plan: 'free' })");
  await visitor.open('/next');
  await visitor.run(
    "PX.register({ seat: 2 }); PX.track('three'); PX.unregister('plan'); PX.track('four'); PX.unregister('nothing')",
  );
  await visitor.run("PX.reset(); PX.track('five'); PX.flush()");
  const rows = await visitor.stored('one', 'two', 'three', 'four', 'five');
  expect(rows.map(({ event, properties }) => [event, properties])).toEqual([
    ['one', { plan: 'pro', seat: 1 }],
    ['two', { plan: 'free', seat: 1 }],
    ['three', { plan: 'pro', seat: 2 }],
    ['four', { seat: 2 }],
    ['five', {}],
  ]);
});

test('a group is told with its traits and stays on what follows; an alias names both ids', async () => {
  const visitor = await shop.newVisitor({ options: bare });
  await visitor.open();
  await visitor.run(
    "PX.group('acme', { size: 40 }); PX.track('made'); PX.identify('ann', { plan: 'pro' }); PX.alias('ann@new'); PX.track('later')",
  );
  await visitor.run('PX.flush()');
  const [group, made, identify, alias, later] = await visitor.stored('group', 'made', 'identify', 'alias', 'later');
  expect(group).toMatchObject({ event: 'group', traits: { size: 40 }, properties: { group_id: 'acme' }, user_id: '' });
  expect(made?.properties).toEqual({ group_id: 'acme' });
  expect(identify).toMatchObject({ user_id: 'ann', traits: { plan: 'pro' } });
  expect(alias).toMatchObject({ user_id: 'ann@new', properties: { previous_id: 'ann' } });
  expect(later).toMatchObject({ user_id: 'ann', properties: { group_id: 'acme' } });
});

test('an alias of a visitor without a name joins the anonymous id', async () => {
  const visitor = await shop.newVisitor({ options: bare });
  await visitor.open();
  await visitor.run("PX.alias('ann'); PX.flush()");
  const [alias] = await visitor.stored('alias');
  expect(alias?.properties['previous_id']).toBe(alias?.anonymous_id);
});

test('reset makes another visitor and another session, at once and for good', async () => {
  const visitor = await shop.newVisitor({ options: bare });
  await visitor.open();
  await visitor.run("PX.identify('ann'); PX.track('before'); PX.reset(); PX.track('after')");
  await visitor.open('/next');
  await visitor.run("PX.track('next'); PX.flush()");
  const rows = await visitor.stored('before', 'after', 'next');
  const of = (name: string) => rows.find(({ event }) => event === name);
  expect(of('before')?.user_id).toBe('ann');
  expect([of('after')?.user_id, of('next')?.user_id]).toEqual(['', '']);
  expect(of('after')?.anonymous_id).not.toBe(of('before')?.anonymous_id);
  expect(of('after')?.session_id).not.toBe(of('before')?.session_id);
  expect(of('next')?.anonymous_id).toBe(of('after')?.anonymous_id);
  expect(of('next')?.session_id).toBe(of('after')?.session_id);
});

test('page records a view of the address at hand, with what it is given', async () => {
  const visitor = await shop.newVisitor({ options: '{ autocapture: { pageViews: false } }' });
  await visitor.open('/start');
  await visitor.run("history.pushState(0, '', '/step?x=1'); PX.page({ step: 2 }); PX.flush()");
  const rows = (await visitor.stored('page_view')).filter(({ event }) => event === 'page_view');
  expect(rows.map(({ path, search, properties }) => [path, search, properties])).toEqual([
    ['/step', '?x=1', { step: 2 }],
  ]);
});

test('instances have queues, visitors, properties and keys of their own: one that is refused stops no other', async () => {
  const visitor = await shop.newVisitor({ options: bare });
  shop.gate.answer((_, { api_key }) => (api_key === 'px_pub_live_other' ? { status: 401, body: '{}' } : 'pass'));
  await visitor.open();
  const isSame = await visitor.run<boolean>(`
    window.refused = PX.instance('refused'); refused.init({ ...settings, ...${bare}, apiKey: 'px_pub_live_other', projectId: 'r' });
    window.second = PX.instance('second'); second.init({ ...settings, ...${bare}, projectId: 's' });
    second === PX.instance('second') && second !== PX && second !== refused`);
  expect(isSame).toBe(true);
  await visitor.run(
    "second.register({ by: 'second' }); second.identify('bob'); refused.track('lost'); refused.flush()",
  );
  await expect.poll(() => shop.gate.passed.some(({ batch }) => batch.api_key === 'px_pub_live_other')).toBe(true);
  await visitor.run("PX.track('first'); second.track('also'); PX.flush(); second.flush()");
  const rows = await visitor.stored('first', 'also', 'identify');
  const of = (name: string) => rows.find(({ event }) => event === name);
  expect(of('first')).toMatchObject({ properties: {}, user_id: '' });
  expect(of('also')).toMatchObject({ properties: { by: 'second' }, user_id: 'bob' });
  expect(of('also')?.anonymous_id).not.toBe(of('first')?.anonymous_id);
});

test('ready calls back once, before and after the start, with the SDK', async () => {
  const visitor = await shop.newVisitor({
    tag: `<script src="/px.js"></script><script>window.calls = []; PX.ready((px) => calls.push(['early', typeof px.track]));
      const before = calls.length; PX.init({ ...settings, ...${bare} }); calls.push(before); PX.ready((px) => calls.push(['late', typeof px.track])); PX.ready(() => { throw new Error('mine') })</script>`,
  });
  await visitor.open();
  await visitor.settle();
  expect(await visitor.run('calls')).toEqual([['early', 'function'], 0, ['late', 'function']]);
  expect(visitor.errors).toEqual([]);
});

test('the stub keeps calls in their order and with their times, and each works as it would have', async () => {
  const visitor = await shop.newVisitor({ tag: stub });
  let arrive = () => {};
  const gate = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await visitor.page.route('**/px.js', async (route) => {
    await gate;
    await route.continue();
  });
  await visitor.page.goto('/', { waitUntil: 'commit' });
  await visitor.page.waitForFunction('window.PX && PX._q');
  const at = await visitor.run<number>(
    "PX.track('one'); PX.identify('ann'); PX.register({ plan: 'pro' }); PX.track('two'); Date.now()",
  );
  await visitor.run('new Promise((done) => setTimeout(done, 200))');
  const later = await visitor.run<number>("PX.track('three'); PX.ready(() => { window.isReady = true }); Date.now()");
  arrive();
  await visitor.page.waitForFunction('window.isReady && PX.counts');
  await visitor.run('PX.flush()');
  const rows = (await visitor.stored('one', 'identify', 'two', 'three')).filter(({ event }) => event !== 'page_view');
  expect(rows.map(({ event, user_id, properties }) => [event, user_id, properties])).toEqual([
    ['one', '', {}],
    ['identify', 'ann', {}],
    ['two', 'ann', { plan: 'pro' }],
    ['three', 'ann', { plan: 'pro' }],
  ]);
  for (const [index, time] of [at, at, at, later].entries()) {
    expect(Math.abs(Date.parse(rows[index]?.timestamp ?? '') - time)).toBeLessThan(60);
  }
});

test('a stub whose file never comes does no harm', async () => {
  const visitor = await shop.newVisitor(
    { tag: stub, body: '<a id="out" href="/blank">Out</a>' },
    { missing: ['px.js'] },
  );
  await visitor.page.goto('/');
  await visitor.run("for (let n = 0; n < 500; n += 1) PX.track('made', { n }); PX.identify('ann')");
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
  expect(visitor.errors).toEqual([]);
});

test('10 MB, a million items and a deep tree block nobody, and arrive cut', async () => {
  const visitor = await shop.newVisitor({ options: bare });
  await visitor.open();
  const ms = await visitor.run<
    number[]
  >(`(() => { const deep = {}; let at = deep; for (let i = 0; i < 10_000; i += 1) at = at.in = {};
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => ['key' + i, i]));
    const bags = { text: { text: 'x'.repeat(10e6) }, list: { list: Array(1e6).fill(7) }, deep, wide };
    const time = (name, bag) => { const from = performance.now(); PX.track(name, bag); return performance.now() - from };
    return Object.entries(bags).map(([name, bag]) => Math.min(time(name, bag), time(name, bag), time(name, bag))) })()`);
  // The best of three each, since other processes take their turns: what is left is the SDK's own time.
  expect(Math.max(...ms)).toBeLessThan(100);
  await visitor.run('PX.flush()');
  const rows = await visitor.stored('text', 'deep', 'wide');
  const of = (name: string) => rows.find(({ event }) => event === name)?.properties ?? {};
  expect(of('text')['text']).toHaveLength(8_192);
  expect(Object.keys(of('wide'))).toHaveLength(200);
});
