import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../src/shop.ts';
import type { StoredRow } from '../../src/stored-project.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const named = (rows: readonly StoredRow[], name: string) => rows.filter(({ event }) => event === name);
const properties = (rows: readonly StoredRow[], name: string) => named(rows, name).map((row) => row.properties);

/** Paints text, moves it a moment later, and holds the main thread for 100 ms at a click. */
const busyPage = `<main style="font-size:60px">All that there is to read</main>
<button id="busy" onclick="for (const end = performance.now() + 100; performance.now() < end;);">Work</button>
<script>new PerformanceObserver((list) => { if (list.getEntries().some((entry) => entry.interactionId)) requestIdleCallback(() => { window.isTimed = true }) }).observe({ type: 'event', durationThreshold: 40 });
requestAnimationFrame(() => setTimeout(() => { document.querySelector('main').style.marginTop = '300px'; setTimeout(() => { window.moved = true }, 50) }, 50))</script>`;
const form = `<form id="order"><input name="who"><input name="mail" type="email"><input name="pin" type="password">
<select name="size"><option>small<option>huge</select><span data-px-ignore><input name="hush"></span><button>Send</button></form>
<form id="quiet" data-px-ignore><input name="hidden"></form>`;

test('px-vitals.js tells LCP, CLS and INP once each as the page goes, without waiting for the next', async () => {
  const visitor = await shop.newVisitor({ head: '<script src="/px-vitals.js"></script>', body: busyPage });
  await visitor.open();
  await visitor.page.waitForFunction('window.moved');
  await visitor.page.click('#busy');
  await visitor.page.waitForFunction('window.isTimed');
  await visitor.leave();
  const rows = await visitor.stored('web_vitals', 'web_vitals', 'web_vitals');
  const told = properties(rows, 'web_vitals');
  expect(told.map(({ name }) => name).sort()).toEqual(['CLS', 'INP', 'LCP']);
  for (const metric of told) {
    expect(metric).toMatchObject({
      navigation: 'navigate',
      rating: expect.stringMatching(/^(good|needs-improvement|poor)$/),
    });
    expect(metric['value']).toBeGreaterThan(0);
  }
  expect(told.find(({ name }) => name === 'INP')?.['value']).toBeGreaterThanOrEqual(96);
  expect(visitor.errors).toEqual([]);
});

test('px-errors.js tells what nobody caught, once each, and takes it from nobody', async () => {
  const visitor = await shop.newVisitor({
    before: 'window.heard = []; onerror = (text) => { heard.push(text) }',
    head: '<script src="/px-errors.js"></script>',
    body: "<script>function fail() { throw new TypeError('no answer of https://api.example/me?token=s3cret#frag now') }</script>",
  });
  await visitor.open('/cart?email=ann%40example.com');
  await visitor.run('for (let i = 0; i < 3; i += 1) setTimeout(fail)');
  await visitor.run(
    "Promise.reject(new RangeError('too far')), Promise.reject('words'), Promise.reject({ password: 'hunter2' }), 0",
  );
  await visitor.settle();
  await visitor.run("PX.track('end')");
  await visitor.leave();
  const rows = await visitor.stored('error', 'error', 'error', 'error', 'end');
  const told = properties(rows, 'error');
  expect(told.map(({ kind, type = '', message }) => `${kind} ${type} ${message}`).sort()).toEqual([
    'promise  rejected',
    'promise  words',
    'promise RangeError too far',
    'script TypeError no answer of https://api.example/me now',
  ]);
  const script = told.find(({ kind }) => kind === 'script');
  expect(script).toMatchObject({ source: expect.stringMatching(/\/cart$/), line: expect.any(Number) });
  expect(script?.['stack']).toContain('fail');
  expect(JSON.stringify(rows)).not.toMatch(/s3cret|hunter2|ann%40/);
  expect(visitor.errors.length).toBeGreaterThanOrEqual(4);
});

test('px-errors.js tells 20 errors a page at most', async () => {
  const visitor = await shop.newVisitor({ head: '<script src="/px-errors.js"></script>' });
  await visitor.open();
  await visitor.run("for (let i = 0; i < 40; i += 1) setTimeout(() => { throw new Error('number ' + i) })");
  await visitor.settle();
  await visitor.run("PX.track('end')");
  await visitor.leave();
  const rows = await visitor.stored('end');
  expect(properties(rows, 'error').map(({ message }) => message)).toEqual(
    Array.from({ length: 20 }, (_, index) => `number ${index}`),
  );
});

test('px-forms.js tells a start, and the abandon of who leaves, at once and without a value', async () => {
  const visitor = await shop.newVisitor({ head: '<script src="/px-forms.js"></script>', body: form });
  await visitor.open();
  await visitor.page.fill('[name=who]', 'Ann Onymous');
  await visitor.page.fill('[name=mail]', 'ann@example.com');
  await visitor.page.fill('[name=pin]', 'hunter2');
  await visitor.page.fill('[name=hush]', 'sekret1');
  await visitor.page.fill('[name=hidden]', 'sekret2');
  await visitor.leave();
  const rows = await visitor.stored('form_start', 'form_abandon');
  expect(properties(rows, 'form_start')).toEqual([
    { form: 'order', fields: 1, last_field: 'who', engaged_ms: expect.any(Number) },
  ]);
  expect(properties(rows, 'form_abandon')).toEqual([
    { form: 'order', fields: 2, last_field: 'mail', engaged_ms: expect.any(Number) },
  ]);
  expect(named(rows, 'form_submit')).toEqual([]);
  expect(JSON.stringify(rows)).not.toMatch(/Ann O|ann@|ann%40|hunter2|sekret|"pin"|hush|hidden/);
});

test('px-forms.js tells a submit that leaves the page, and then no abandon', async () => {
  const visitor = await shop.newVisitor({
    head: '<script src="/px-forms.js"></script>',
    body: form.replace('<form id="order"', '<form id="order" action="/blank"'),
  });
  await visitor.open();
  await visitor.page.selectOption('select', 'huge');
  await visitor.page.click('#order button');
  await visitor.page.waitForURL('**/blank?**');
  const rows = await visitor.stored('form_start', 'form_submit', 'scroll');
  expect(properties(rows, 'form_submit')).toMatchObject([{ form: 'order', fields: 1, last_field: 'size' }]);
  expect(named(rows, 'form_abandon')).toEqual([]);
  expect(JSON.stringify(properties(rows, 'form_submit'))).not.toContain('huge');
});

test('the parts are plugins of the module too, each with its options, in the order given', async () => {
  const visitor = await shop.newVisitor({
    tag: `<script type="module">
      import PX from '/px.mjs'; import { vitals } from '/vitals.mjs'; import { errors } from '/errors.mjs'; import { forms } from '/forms.mjs';
      PX.init({ ...settings, plugins: [vitals(), errors({ maxEvents: 1 }), forms()] }); window.PX = PX;</script>`,
    body: busyPage + form,
  });
  await visitor.open();
  await visitor.page.waitForFunction('window.moved');
  await visitor.page.click('#busy');
  await visitor.page.waitForFunction('window.isTimed');
  await visitor.page.fill('[name=who]', 'Ann');
  await visitor.run("setTimeout(() => { throw new Error('one') }), setTimeout(() => { throw new Error('two') }), 0");
  await visitor.settle();
  await visitor.leave();
  const rows = await visitor.stored('web_vitals', 'web_vitals', 'web_vitals', 'form_start', 'form_abandon', 'error');
  expect(properties(rows, 'error')).toMatchObject([{ message: 'one' }]);
  expect(named(rows, 'page_view')).toHaveLength(1);
});
