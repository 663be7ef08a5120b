import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const quiet = '{ autocapture: false }';
const unknownKey = 'px_pub_live_000000000000000000000000000000000000';
const later = (init: string) => `<script src="/px.js"></script><script>${init}</script>`;

test.each([
  'undefined',
  'null',
  '42',
  "'key'",
  '{}',
  '[]',
  "{ apiKey: '' , projectId: 'p' }",
  "{ projectId: 'p' }",
  "{ apiKey: 'px_pub_live_x' }",
  "{ apiKey: 'px_pub\\\",\\\"x\\\":1', projectId: 'p' }",
  '{ get apiKey() { throw new Error(1) } }',
  'new Proxy({}, { get() { throw new Error(1) } })',
])(
  'init(%s) starts nothing, throws nothing, and lets the right one follow with what was tracked before',
  async (given) => {
    const visitor = await shop.newVisitor({
      tag: later(`PX.track('early'); PX.init(${given}); PX.track('between'); PX.init({ ...settings, ...${quiet} })`),
    });
    await visitor.open();
    await visitor.run("PX.track('late'); PX.flush()");
    const rows = await visitor.stored('early', 'between', 'late');
    expect(rows.map(({ event }) => event)).toEqual(['early', 'between', 'late']);
    expect(visitor.errors).toEqual([]);
  },
);

test('init twice is once: one view, one click, the first settings', async () => {
  const visitor = await shop.newVisitor({
    tag: later(
      "PX.init(settings); PX.init(settings); PX.init({ ...settings, apiKey: 'px_pub_live_other', autocapture: false })",
    ),
    body: '<button id="b" onclick="this.remove()">Go</button><script src="/px.js"></script>',
  });
  await visitor.open();
  await visitor.run('PX.init(settings)');
  await visitor.page.click('#b');
  await visitor.run("PX.track('end'); PX.flush()");
  expect((await visitor.stored('end')).map(({ event }) => event)).toEqual(['page_view', 'click', 'end']);
  expect(visitor.errors).toEqual([]);
});

test('an init before there is a body captures all that comes later', async () => {
  const visitor = await shop.newVisitor({
    tag: '<head><script src="/px.js"></script><script>window.hadBody = !!document.body; PX.init(settings); PX.track("early")</script></head>',
    body: '<button id="b">Go</button>',
  });
  await visitor.open();
  expect(await visitor.run('hadBody')).toBe(false);
  await visitor.page.click('#b');
  await visitor.run('PX.flush()');
  await visitor.stored('page_view', 'early', 'click');
});

test('options of the wrong kind throw nothing, and cost no event', async () => {
  const visitor = await shop.newVisitor({ options: quiet });
  await visitor.open();
  const wrong = [
    'autocapture: null',
    'flush: null',
    "flush: { maxEvents: 'many', maxBytes: -1, maxWaitMs: NaN }",
    "sampleRate01: 'half'",
    'beforeSend: 42',
    'beforeSend: [null, {}]',
    'scrubKeys: null',
    "plugins: 'none'",
    'plugins: null',
    "cookieDomain: 'co.uk'",
    "gpc: 'maybe'",
    'onDiagnostic: 7',
    'debug: {}',
  ];
  await visitor.run(
    wrong
      .map(
        (option, n) =>
          `{ const px = PX.instance('i${n}'); px.init({ ...settings, ...${quiet}, projectId: 'i${n}', ${option} }); px.track('made', { n: ${n} }); void px.flush() }`,
      )
      .join(';'),
  );
  const rows = await visitor.stored(...wrong.map(() => 'made'));
  expect(
    rows
      .filter(({ event }) => event === 'made')
      .map(({ properties }) => Number(properties['n']))
      .sort((a, b) => a - b),
  ).toEqual(wrong.map((_, n) => n));
  expect(visitor.errors).toEqual([]);
});

test('a key that the server does not know does the page no harm', async () => {
  const visitor = await shop.newVisitor({
    tag: later(`PX.init({ ...settings, apiKey: '${unknownKey}' })`),
    body: '<a id="out" href="/blank">Out</a>',
  });
  await visitor.open();
  await visitor.run("PX.track('made'); PX.flush()");
  await expect.poll(() => shop.gate.passed.some(({ batch }) => batch.api_key === unknownKey)).toBe(true);
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
  expect(await visitor.stored()).toEqual([]);
  expect(visitor.errors).toEqual([]);
});

test('a blocked collector, and a blocked file, leave the page as it is', async () => {
  const visitor = await shop.newVisitor({
    body: '<button id="b" onclick="this.textContent = 1">0</button><a id="out" href="/blank">Out</a>',
  });
  await visitor.page.route(`${shop.gate.url}/**`, (route) => route.abort('blockedbyclient'));
  await visitor.open();
  await visitor.run("for (let n = 0; n < 50; n += 1) PX.track('made'); PX.flush()");
  await visitor.page.waitForFunction('PX.counts().unreachable');
  await visitor.page.click('#b');
  expect(await visitor.page.textContent('#b')).toBe('1');
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
  expect(visitor.errors).toEqual([]);
});

test('what is removed in the middle of its click is told, as it was', async () => {
  const visitor = await shop.newVisitor({
    before:
      "addEventListener('pointerdown', ({ target }) => { if (target.id === 'early') setTimeout(() => target.remove()) }, true); addEventListener('click', ({ target }) => { if (target.id === 'first') target.parentNode.remove() }, true)",
    body: `<main id="list"><p><button id="first">First</button></p></main><button id="own" onclick="document.body.replaceChildren(this.nextElementSibling)">Own</button><button id="last">Last</button>`,
  });
  await visitor.open();
  for (const id of ['first', 'own', 'last']) await visitor.page.click(`#${id}`);
  await visitor.run('PX.flush()');
  const clicks = (await visitor.stored('click', 'click', 'click')).filter(({ event }) => event === 'click');
  expect(clicks.map(({ properties }) => [properties['id'], properties['text']])).toEqual([
    ['first', 'First'],
    ['own', 'Own'],
    ['last', 'Last'],
  ]);
  expect(visitor.errors).toEqual([]);
});

test('a link is never delayed: its click is not prevented and costs next to nothing, though nobody answers', async () => {
  const visitor = await shop.newVisitor({ body: '<a id="out" href="/blank">Out</a>' });
  shop.gate.answer(() => 'silence');
  await visitor.open();
  await visitor.run("for (let n = 0; n < 200; n += 1) PX.track('made', { n, text: 'x'.repeat(500) }); void PX.flush()");
  const [isPrevented, ms] = await visitor.run<
    [boolean, number]
  >(`(() => { let isPrevented; const link = document.getElementById('out');
    const stop = (event) => { isPrevented = event.defaultPrevented; event.preventDefault() };
    document.body.addEventListener('click', stop); const times = [];
    for (let i = 0; i < 5; i += 1) { const from = performance.now(); link.click(); times.push(performance.now() - from) }
    document.body.removeEventListener('click', stop); return [isPrevented, Math.min(...times)] })()`);
  expect(isPrevented).toBe(false);
  expect(ms).toBeLessThan(10);
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
});
