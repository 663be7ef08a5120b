import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../src/shop.ts';
import type { StoredRow } from '../../src/stored-project.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const tall = '<style>body{margin:0}</style><div style="height:4000px"></div>';
const views = (rows: readonly StoredRow[]) =>
  rows.filter(({ event }) => event === 'scroll').map(({ path, properties }) => ({ path, ...properties }));
const scrollTo = (y: number) =>
  `new Promise((done) => { addEventListener('scroll', () => requestAnimationFrame(done), { once: true }); scrollTo(0, ${y}) })`;
const hide = `Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'))`;
const show =
  "delete document.visibilityState; delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))";

test('a view tells its deepest share once, when it ends, however far back up the visitor went', async () => {
  const visitor = await shop.newVisitor({ body: tall });
  await visitor.open('/long');
  await visitor.run(scrollTo(1_280));
  await visitor.run(scrollTo(100));
  await visitor.run("PX.track('before'); PX.flush()");
  expect(views(await visitor.stored('before'))).toEqual([]);
  await visitor.leave();
  expect(views(await visitor.stored('scroll'))).toEqual([
    { path: '/long', depth01: 0.5, engaged_ms: expect.any(Number) },
  ]);
});

test('a page that fits the window was seen whole', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open();
  await visitor.leave();
  expect(views(await visitor.stored('scroll'))).toMatchObject([{ depth01: 1 }]);
});

test('each view of a single-page app tells its own, with its path, once', async () => {
  const visitor = await shop.newVisitor({ body: tall });
  await visitor.open('/one');
  await visitor.run(scrollTo(3_280));
  await visitor.run("history.pushState(0, '', '/two'); scrollTo(0, 0)");
  await visitor.settle();
  await visitor.run("history.pushState(0, '', '/three')");
  await visitor.settle();
  await visitor.leave();
  const rows = await visitor.stored('scroll', 'scroll', 'scroll');
  expect(views(rows)).toMatchObject([
    { path: '/one', depth01: 1 },
    { path: '/two', depth01: 0.18 },
    { path: '/three', depth01: 0.18 },
  ]);
  expect(rows.filter(({ event }) => event === 'page_view').map(({ path }) => path)).toEqual(['/one', '/two', '/three']);
});

test('time is engaged while there are signs of life: no more than 30 s after the last, none while hidden', async () => {
  const visitor = await shop.newVisitor();
  await visitor.page.clock.install();
  await visitor.open();
  // Nothing is under way when the clock is set ahead: it would time out.
  await visitor.run('PX.flush()');
  await visitor.page.clock.fastForward(20_000);
  await visitor.page.keyboard.press('Shift');
  await visitor.page.clock.fastForward(600_000);
  await visitor.page.keyboard.press('Shift');
  await visitor.run(hide);
  await visitor.page.clock.fastForward(20_000);
  await visitor.run(show);
  await visitor.page.clock.fastForward(5_000);
  await visitor.leave();
  const [view] = (await visitor.stored('scroll')).filter(({ event }) => event === 'scroll');
  // 20 s, 30 s of the ten minutes, nothing of the hidden ones, 5 s; and what the machine took.
  expect(view?.properties['engaged_ms']).toBeGreaterThanOrEqual(55_000);
  expect(view?.properties['engaged_ms']).toBeLessThan(70_000);
});

test('a page that is hidden and shown again has one view still', async () => {
  const visitor = await shop.newVisitor();
  await visitor.open();
  for (const change of [hide, show, hide, show]) await visitor.run(change);
  await visitor.run("PX.track('made'); PX.flush()");
  expect(views(await visitor.stored('made'))).toEqual([]);
  await visitor.leave();
  await visitor.stored('scroll');
  await visitor.open('/next');
  await visitor.run("PX.track('end'); PX.flush()");
  const rows = await visitor.stored('end');
  expect(views(rows).filter(({ path }) => path === '/')).toHaveLength(1);
  expect(rows.filter(({ event }) => event === 'page_view')).toHaveLength(2);
});

test.each([
  ['query', "history.pushState(0, '', '?q=tea')", 2],
  ['query', "history.replaceState(0, '', '?q=tea')", 1],
  ['query', "location.hash = 'part'", 1],
  ['hash', "location.hash = 'part'", 2],
])('a page by %s: after %s there are %i views', async (pageKey, step, count) => {
  const visitor = await shop.newVisitor({ options: `{ autocapture: { pageKey: '${pageKey}' } }` });
  await visitor.open();
  await visitor.run(step);
  await visitor.settle();
  await visitor.run("PX.track('end'); PX.flush()");
  expect((await visitor.stored('end')).filter(({ event }) => event === 'page_view')).toHaveLength(count);
});

test('each kind of capture can be turned off, and all of it', async () => {
  const body = `<button id="b">Go</button>${tall}`;
  for (const [options, names] of [
    ['{ autocapture: false }', []],
    ['{ autocapture: { pageViews: false } }', ['click', 'scroll']],
    ['{ autocapture: { clicks: false } }', ['page_view', 'scroll']],
    ['{ autocapture: { scroll: false } }', ['click', 'page_view']],
  ] as const) {
    const visitor = await shop.newVisitor({ options, body });
    await visitor.open();
    await visitor.page.click('#b');
    await visitor.run("PX.track('end')");
    await visitor.leave();
    const rows = await visitor.stored('end', ...names);
    expect(rows.map(({ event }) => event).sort()).toEqual([...names, 'end'].sort());
  }
});
