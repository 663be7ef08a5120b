import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const shopWith = (options: string) => shop.newVisitor({ options: `{ autocapture: false, ${options} }` });
const tracked = async (visitor: Visitor, code: string, ...awaited: string[]) => {
  await visitor.open();
  await visitor.run(`${code}; PX.flush()`);
  return visitor.stored(...awaited);
};

test('plugins see an event first, then each beforeSend in order, and each what the one before left', async () => {
  const visitor = await shopWith(`
    plugins: [{ name: 'p', event(event) { event.properties.trail = ['plugin'] } }],
    beforeSend: [(event) => { event.properties.trail.push('first') },
      (event) => ({ ...event, properties: { trail: [...event.properties.trail, 'second'] } }),
      (event) => { event.event = 'renamed'; event.properties.trail.push('third'); return event }]`);
  const [row] = await tracked(visitor, "PX.track('made')", 'renamed');
  expect(row?.properties['trail']).toEqual(['plugin', 'first', 'second', 'third']);
});

test('null drops an event, and later hooks never see it', async () => {
  const visitor = await shopWith(`
    beforeSend: [({ event }) => (event === 'secret' ? null : undefined), ({ event }) => { (window.seen ??= []).push(event) }]`);
  const rows = await tracked(visitor, "PX.track('secret'); PX.track('made')", 'made');
  expect(rows.map(({ event }) => event)).toEqual(['made']);
  expect(await visitor.run('seen')).toEqual(['made']);
  expect(await visitor.counts()).toMatchObject({ dropped_by_hook: 1 });
});

test('an event is of the page and the person of its call, though a hook changes both', async () => {
  const visitor = await shopWith(`
    beforeSend: ({ event }) => { if (event === 'made') { history.replaceState(null, '', '/elsewhere'); PX.identify('someone') } }`);
  const rows = await tracked(visitor, "PX.track('made')", 'made', 'identify');
  const of = (name: string) => rows.filter(({ event }) => event === name).map(({ path, user_id }) => [path, user_id]);
  expect([of('made'), of('identify')]).toEqual([[['/', '']], [['/elsewhere', 'someone']]]);
});

test('a hook that throws, or gives what is no event, costs no event', async () => {
  const visitor = await shopWith(`
    beforeSend: (event) => { if (event.properties.n === 0) throw new Error('hook'); return [0, undefined, 42, 'text', true, 0, false, ''][event.properties.n] }`);
  const rows = await tracked(
    visitor,
    "for (let n = 0; n < 8; n += 1) PX.track('made', { n }); PX.track('end', {})",
    'end',
  );
  expect(rows.filter(({ event }) => event === 'made').map(({ properties }) => properties['n'])).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7,
  ]);
  expect(await visitor.counts()).toMatchObject({ hook_failed: expect.any(Number) });
  expect(visitor.errors).toEqual([]);
});

test('what a hook leaves of an event is still bounded, and a broken one spoils no other', async () => {
  const visitor = await shopWith(`
    beforeSend: (event) => { const { properties } = event;
      if (properties.kind === 'loop') properties.self = properties;
      if (properties.kind === 'long') properties.text = 'x'.repeat(100_000);
      if (properties.kind === 'nameless') event.event = '';
      if (properties.kind === 'bag') event.properties = 'none' }`);
  const rows = await tracked(
    visitor,
    "for (const kind of ['loop', 'long', 'nameless', 'bag', 'fine']) PX.track(kind, { kind })",
    'loop',
    'long',
    'bag',
    'fine',
  );
  expect(rows.find(({ event }) => event === 'long')?.properties['text']).toHaveLength(8_192);
  expect(rows.map(({ event }) => event)).not.toContain('');
});

test('the id and the time of an event are not a hook’s to change', async () => {
  const visitor = await shopWith(`
    beforeSend: (event) => { (window.ids ??= []).push([event.event_id, event.timestamp]);
      return { ...event, event_id: '00000000-0000-7000-8000-000000000000', timestamp: '2001-01-01T00:00:00.000Z' } }`);
  const rows = await tracked(visitor, "PX.track('made'); PX.track('made')", 'made', 'made');
  expect(rows.map((row) => [row.event_id, row.timestamp])).toEqual(await visitor.run('ids'));
});

test('a hook changes what is sent, never the page’s own object', async () => {
  const visitor = await shopWith('beforeSend: (event) => { event.properties.cart.total = 0 }');
  const rows = await tracked(visitor, "window.given = { cart: { total: 9 } }; PX.track('made', given)", 'made');
  expect(rows[0]?.properties).toEqual({ cart: { total: 0 } });
  expect(await visitor.run('given')).toEqual({ cart: { total: 9 } });
});

test('a plugin is set up once, with the SDK; one that fails stops neither the SDK nor the others', async () => {
  const visitor = await shopWith(`
    plugins: [{ name: 'bad', setup() { throw new Error('setup') }, event() { throw new Error('event') } }, null,
      { name: 'good', setup(px) { window.setups = (window.setups ?? 0) + 1; px.track('from_setup') } }]`);
  const rows = await tracked(
    visitor,
    "PX.use({ name: 'late', event(event) { event.properties.late = true } }); PX.track('made')",
    'from_setup',
    'made',
  );
  expect(await visitor.run('setups')).toBe(1);
  expect(rows.map(({ event, properties }) => [event, properties])).toEqual([
    ['from_setup', {}],
    ['made', { late: true }],
  ]);
  expect(visitor.errors).toEqual([]);
});

test('debug tells the console what is recorded and counted; without it the console stays empty', async () => {
  for (const [options, isTold] of [
    ['debug: true', true],
    ['', false],
  ] as const) {
    const visitor = await shopWith(options);
    const lines: string[] = [];
    visitor.page.on('console', (message) => {
      if (!message.text().startsWith('Failed to load resource')) lines.push(message.text());
    });
    await tracked(visitor, "PX.track('made'); PX.track('')", 'made');
    expect(lines.some((line) => line.includes('invalid_event_name'))).toBe(isTold);
    expect(lines.some((line) => line.includes('made'))).toBe(isTold);
    if (!isTold) expect(lines).toEqual([]);
  }
});

test('onDiagnostic hears of what was dropped, and may fail', async () => {
  const visitor = await shopWith(
    "onDiagnostic: (message) => { (window.heard ??= []).push(message); throw new Error('mine') }",
  );
  await tracked(visitor, "PX.track(''); PX.track('made')", 'made');
  expect(await visitor.run('heard')).toContainEqual(expect.stringContaining('invalid_event_name'));
  expect(visitor.errors).toEqual([]);
});

/** Gives which of `count` visitors are in, by one SDK each; what is told of them is dropped at the door. */
const askVisitors = (count: number, rate: number, cookieless: boolean) => `(() => { const isIn = [];
  for (let i = 0; i < ${count}; i += 1) { isIn[i] = false; const px = PX.instance('v' + i);
    px.init({ ...settings, projectId: 'v' + i, autocapture: false, cookieless: ${cookieless}, cookieDomain: '', sampleRate01: ${rate}, beforeSend() { isIn[i] = true; return null } });
    px.track('seen'); } return isIn })()`;

test('sampling measures its share of visitors', async () => {
  const visitor = await shopWith('');
  for (const [rate, least, most] of [
    [0.3, 75, 165],
    [0, 0, 0],
    [1, 400, 400],
  ] as const) {
    await visitor.open();
    const isIn = await visitor.run<boolean[]>(askVisitors(400, rate, true));
    const count = isIn.filter(Boolean).length;
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  }
});

test('a visitor is in or out for good: on each page, and whatever they are called', async () => {
  const visitor = await shopWith('');
  await visitor.open('/one');
  const first = await visitor.run<boolean[]>(askVisitors(24, 0.5, false));
  await visitor.open('/two');
  expect(await visitor.run(askVisitors(24, 0.5, false))).toEqual(first);
  await visitor.open('/three');
  await visitor.run("for (let i = 0; i < 24; i += 1) PX.instance('v' + i).identify('user_' + i)");
  expect(await visitor.run(askVisitors(24, 0.5, false))).toEqual(first);
});
