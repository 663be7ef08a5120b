import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const options = '{ autocapture: false }';
const numbers = async (visitor: Visitor) =>
  (await visitor.rowsOf('many')).map(({ properties }) => Number(properties['n']));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const track = (count: number, more = '') => `for (let n = 0; n < ${count}; n += 1) PX.track('many', { n ${more} })`;
const batches = (visitor: Visitor) => shop.gate.passed.filter(({ batch }) => batch.api_key === visitor.apiKey);
/** Leaves events in the storage of a page that is gone, as it goes while the server fails. */
const leaveBehind = async (visitor: Visitor, code: string) => {
  // Not a cut line, which a browser may try again by itself, after the page is gone.
  shop.gate.answer(() => ({ status: 500, body: '' }));
  await visitor.open();
  await visitor.run(code);
  await visitor.leave();
  // What the page sent as it went may come after it is gone, but not after this.
  const marker = JSON.stringify({ api_key: visitor.apiKey, events: [{ event: 'marker' }] });
  await visitor.run(`fetch('${shop.gate.url}', { method: 'POST', mode: 'no-cors', body: '${marker}' }).then(() => 0)`);
  await expect.poll(() => shop.gate.pending(), { timeout: 10_000 }).toBe(0);
  shop.gate.answer(() => 'pass');
};
const queueBytes = (visitor: Visitor) =>
  visitor.run<number>(
    `Object.entries({ ...localStorage }).reduce((sum, [, text]) => sum + new TextEncoder().encode(text).length, 0)`,
  );
/** Asks again and again for the sending of all that waits, until a row of this name is there. */
const sendUntil = async (visitor: Visitor, name: string) => {
  await visitor.run('PX.flush()');
  return visitor.stored(name);
};

test('a batch goes at 20 events, at 48 KB, and 5 s after the first', async () => {
  const visitor = await shop.newVisitor({ options });
  await visitor.page.clock.install();
  await visitor.open();
  await visitor.run(track(19));
  await visitor.settle();
  expect(batches(visitor)).toHaveLength(0);
  await visitor.run("PX.track('twentieth')");
  await visitor.stored('twentieth');
  expect(batches(visitor).map(({ names }) => names.length)).toEqual([20]);
  await visitor.run("for (let n = 0; n < 7; n += 1) PX.track('large', { text: 'x'.repeat(8_000) })");
  await visitor.stored(...Array.from({ length: 6 }, () => 'large'));
  await visitor.run("PX.flush().then(() => PX.track('slow'))");
  await visitor.settle();
  const before = batches(visitor).length;
  await visitor.pass(4_000);
  await visitor.settle();
  expect(batches(visitor)).toHaveLength(before);
  await visitor.pass(1_100);
  await visitor.stored('slow');
});

test('the order of events is the order of their calls, in a batch, and from batch to batch while the page is there', async () => {
  const visitor = await shop.newVisitor({ options });
  await visitor.open();
  await visitor.run(`${track(130)}; PX.track('end'); PX.flush()`);
  await visitor.stored('end');
  expect(await numbers(visitor)).toEqual(upTo(130));
});

test('20 events share what is the same: 90 bytes each on the wire, gzipped, without a header of ours', async () => {
  const visitor = await shop.newVisitor({ options });
  await visitor.open('/pricing?utm_source=news&utm_campaign=spring');
  await visitor.run(
    "for (let n = 0; n < 20; n += 1) PX.track('plan_viewed', { n, plan: ['free', 'pro', 'team'][n % 3], price: n * 7.5 })",
  );
  await visitor.stored(...Array.from({ length: 20 }, () => 'plan_viewed'));
  const [batch] = batches(visitor);
  expect(batch).toMatchObject({ isGzip: true, contentType: expect.stringMatching(/^text\/plain/i) });
  expect(batch?.names).toHaveLength(20);
  expect((batch?.bytes ?? 0) / 20).toBeLessThanOrEqual(90);
});

test('a critical event is on the device before its call returns', async () => {
  const visitor = await shop.newVisitor({ options });
  await visitor.open();
  const isKept = await visitor.run<boolean>(
    "PX.track('order_paid', { total: 9 }, { critical: true }), JSON.stringify({ ...localStorage }).includes('order_paid')",
  );
  expect(isKept).toBe(true);
});

test('1,000 events wait at most: the oldest go, and how many is told', async () => {
  const visitor = await shop.newVisitor({ options });
  await leaveBehind(visitor, `${track(1_200)}`);
  await visitor.open('/next');
  await sendUntil(visitor, 'events_dropped');
  await expect.poll(async () => (await numbers(visitor)).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(990);
  await visitor.run("PX.track('end'); PX.flush()");
  await visitor.stored('end');
  const kept = await numbers(visitor);
  const dropped = (await visitor.rowsOf('events_dropped')).reduce(
    (sum, { properties }) => sum + Number(properties['count']),
    0,
  );
  expect(kept.length).toBeLessThanOrEqual(1_000);
  expect(kept.length + dropped).toBe(1_200);
  expect([...kept].sort((a, b) => a - b)).toEqual(upTo(1_200).slice(dropped));
});

test('256 KB wait at most, and the shop keeps the rest of its storage', async () => {
  const visitor = await shop.newVisitor({ options });
  await leaveBehind(visitor, `localStorage.setItem('mine', 'kept'); ${track(200, ", text: 'x'.repeat(3_000)")}`);
  const bytes = await queueBytes(visitor);
  expect(bytes).toBeGreaterThan(150_000);
  expect(bytes).toBeLessThanOrEqual(256 * 1_024 + 8_000);
  expect(await visitor.run("localStorage.getItem('mine')")).toBe('kept');
  await visitor.open('/next');
  await sendUntil(visitor, 'events_dropped');
  await visitor.run("PX.track('end'); PX.flush()");
  await visitor.stored('end');
  const kept = await numbers(visitor);
  const dropped = (await visitor.rowsOf('events_dropped')).reduce(
    (sum, { properties }) => sum + Number(properties['count']),
    0,
  );
  expect(kept.length + dropped).toBe(200);
  expect(Math.max(...kept)).toBe(199);
});

test('256 KB are bytes, in whatever script a page is written', async () => {
  const visitor = await shop.newVisitor({ options });
  await leaveBehind(visitor, track(200, ", text: '茶'.repeat(1_000)"));
  expect(await queueBytes(visitor)).toBeLessThanOrEqual(256 * 1_024 + 8_000);
});

test('what is older than 7 days is dropped and told; what is younger is sent', async () => {
  const visitor = await shop.newVisitor({ options });
  await visitor.page.clock.install({ time: Date.now() - 8 * 86_400_000 });
  await leaveBehind(visitor, "PX.track('old'); PX.track('old')");
  await visitor.pass(2 * 86_400_000);
  await leaveBehind(visitor, "PX.track('young')");
  await visitor.pass(6 * 86_400_000 - 60_000);
  await visitor.open('/next');
  await visitor.run("PX.track('next'); PX.flush()");
  await visitor.stored('next', 'young');
  await visitor.open('/after');
  await visitor.run("PX.track('end'); PX.flush()");
  const rows = await visitor.stored('end', 'events_dropped');
  expect(rows.map(({ event }) => event)).not.toContain('old');
  expect(rows.find(({ event }) => event === 'events_dropped')?.properties['count']).toBe(2);
});

const garbage = {
  'cut in half': 'value.slice(0, value.length >> 1)',
  'written over': "'null'",
  'of a newer version': 'JSON.stringify({ version: 99, payload: [1, 2, 3] })',
  'no text of ours': "'\\u0000\\ud800💥' + 'x'.repeat(1_000)",
  'another shape': '\'[[],{},"",0]\'',
};
test.each(Object.keys(garbage))('a storage whose texts are %s costs what was in it, and nothing else', async (kind) => {
  const visitor = await shop.newVisitor({ options });
  await leaveBehind(visitor, `PX.register({ plan: 'pro' }); ${track(3)}`);
  await visitor.run(
    `for (const [name, value] of Object.entries({ ...localStorage })) localStorage.setItem(name, ${Reflect.get(garbage, kind)})`,
  );
  for (const name of ['first', 'second']) {
    await visitor.open(`/${name}`);
    await visitor.run(`PX.register({ seat: 1 }); PX.track('${name}'); PX.identify('ann'); PX.flush()`);
    await visitor.stored(name, 'identify');
  }
  const rows = await visitor.stored('first', 'second');
  expect(rows.find(({ event }) => event === 'second')?.properties).toMatchObject({ seat: 1 });
  expect(new Set(rows.filter(({ event }) => event !== 'many').map((row) => row.anonymous_id)).size).toBe(1);
  expect(visitor.errors).toEqual([]);
});
