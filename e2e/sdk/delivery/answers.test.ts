import type { WireBatch } from '@px-platform/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reply } from '../../src/gate.ts';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** What a visitor's pages sent. */
const came = (visitor: Visitor) => shop.gate.passed.filter(({ batch }) => batch.api_key === visitor.apiKey);
const numbers = async (visitor: Visitor) => (await visitor.rowsOf('many')).map(({ properties }) => properties['n']);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const track = (count: number) => `for (let n = 0; n < ${count}; n += 1) PX.track('many', { n })`;
const has = (batch: WireBatch, name: string) => batch.events.some(({ event }) => event === name);
/** A page whose clock the test sets, that captures nothing by itself. */
const visit = async (decide: (count: number, batch: WireBatch) => Reply) => {
  const visitor = await shop.newVisitor({
    options: '{ autocapture: false }',
    body: '<a id="out" href="/blank">Out</a>',
  });
  shop.gate.answer(decide);
  await visitor.page.clock.install();
  await visitor.open();
  return visitor;
};
const cameTo = (visitor: Visitor, count: number) =>
  expect.poll(() => came(visitor).length, { timeout: 10_000 }).toBe(count);
/** Sets the clock ahead in steps, until the events are stored: however the waits were drawn. */
const passUntilStored = async (visitor: Visitor, ...names: string[]) => {
  for (let tries = 0; tries < 40; tries += 1) {
    const stored = new Set((await visitor.stored()).map(({ event }) => event));
    if (names.every((name) => stored.has(name))) return visitor.stored();
    await visitor.pass(10_000);
    await visitor.settle();
  }
  return visitor.stored(...names);
};

test.each([401, 403])('%i stops this page’s sending, and is said once', async (status) => {
  const visitor = await visit(() => ({ status, body: '{"error":{"code":"key_unknown","message":"no"}}' }));
  const complaints: string[] = [];
  visitor.page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('PX')) complaints.push(message.text());
  });
  await visitor.run(`${track(30)}; PX.flush()`);
  await cameTo(visitor, 1);
  await visitor.run(`${track(30)}; PX.flush()`);
  for (let minutes = 0; minutes < 10; minutes += 1) await visitor.pass(60_000);
  await visitor.run('PX.flush()');
  expect(came(visitor)).toHaveLength(1);
  expect(complaints).toHaveLength(1);
  await visitor.leave();
  // The marker leaves later than anything that the left page may have sent.
  const marker = JSON.stringify({ api_key: visitor.apiKey, events: [{ event: 'marker' }] });
  await visitor.run(`fetch('${shop.gate.url}', { method: 'POST', mode: 'no-cors', body: '${marker}' }).then(() => 0)`);
  expect(came(visitor).flatMap(({ names }) => [...new Set(names)])).toEqual(['many', 'marker']);
  expect(visitor.errors).toEqual([]);
});

test('an event that the server refuses is forgotten, those beside it are stored, and nothing is sent again', async () => {
  const visitor = await shop.newVisitor({
    options: "{ autocapture: false, beforeSend: (event) => { if (event.event === 'bad') event.event = ' ' } }",
  });
  await visitor.open();
  await visitor.run("PX.track('one'); PX.track('bad'); PX.track('two'); PX.flush()");
  await visitor.stored('one', 'two');
  await visitor.run("PX.track('three'); PX.flush()");
  const rows = await visitor.stored('three');
  expect(rows.map(({ event }) => event)).toEqual(['one', 'two', 'three']);
  expect(
    came(visitor)
      .flatMap(({ names }) => names)
      .filter((name) => name === 'one'),
  ).toHaveLength(1);
});

test('a 400 that names every event drops them all, once', async () => {
  const body = JSON.stringify({
    accepted: 0,
    rejected: 2,
    events: [0, 1].map((index) => ({ index, status: 'rejected', error: { code: 'invalid_event', message: 'no' } })),
  });
  const visitor = await visit((count) => (count === 1 ? { status: 400, body } : 'pass'));
  await visitor.run("PX.track('bad'); PX.track('worse'); PX.flush()");
  await cameTo(visitor, 1);
  await visitor.run("PX.track('good'); PX.flush()");
  expect((await passUntilStored(visitor, 'good')).map(({ event }) => event)).toEqual(['good']);
  expect(await visitor.counts()).toMatchObject({ event_rejected: 2 });
});

test('a 400 that names none costs the one event that it meant', async () => {
  const visitor = await visit((_, batch) =>
    has(batch, 'bad') ? { status: 400, body: '{"error":{"code":"bad_request","message":"no"}}' } : 'pass',
  );
  await visitor.run(`${track(6)}; PX.track('bad'); PX.track('end'); PX.flush()`);
  const rows = await passUntilStored(visitor, 'end');
  expect(await numbers(visitor)).toEqual(upTo(6));
  const sent = came(visitor).length;
  await visitor.pass(120_000);
  await visitor.run('PX.flush()');
  expect(came(visitor)).toHaveLength(sent);
  expect(rows.map(({ event }) => event)).not.toContain('bad');
});

test('413 splits, down to one event if need be, and keeps the order', async () => {
  const visitor = await visit((_, { events }) => (events.length > 1 ? { status: 413, body: '{}' } : 'pass'));
  await visitor.run(`${track(9)}; PX.track('end'); PX.flush()`);
  await passUntilStored(visitor, 'end');
  expect(await numbers(visitor)).toEqual(upTo(9));
});

test('an event that is too large by itself is dropped and counted; those behind it go on', async () => {
  const visitor = await visit((_, batch) => (has(batch, 'huge') ? { status: 413, body: '{}' } : 'pass'));
  await visitor.run("PX.track('huge'); PX.track('end'); PX.flush()");
  const rows = await passUntilStored(visitor, 'end');
  expect(rows.map(({ event }) => event)).toEqual(['end']);
});

test('three tries that nobody answers, then quiet on this page; the next page brings all', async () => {
  const visitor = await visit(() => 'cut');
  await visitor.run(`${track(5)}; PX.flush()`);
  const tries = async () => (await visitor.counts())['unreachable'];
  for (let count = 0; count < 30; count += 1) {
    await visitor.pass(60_000);
    await visitor.settle();
  }
  await expect.poll(tries, { timeout: 10_000 }).toBe(3);
  const sent = came(visitor).length;
  for (let count = 0; count < 10; count += 1) await visitor.pass(60_000);
  await visitor.settle();
  expect(came(visitor)).toHaveLength(sent);
  shop.gate.answer(() => 'pass');
  await visitor.open('/next');
  await visitor.run("PX.track('end'); PX.flush()");
  await passUntilStored(visitor, 'end', 'many');
  await expect.poll(() => numbers(visitor), { timeout: 10_000 }).toEqual(upTo(5));
});

test.each([
  [429, 'seconds', () => '30'],
  [503, 'seconds', () => '30'],
  [429, 'a date', () => new Date(Date.now() + 31_000).toUTCString()],
  [503, 'a date', () => new Date(Date.now() + 31_000).toUTCString()],
])('after a %i nothing is sent before the Retry-After, given in %s', async (status, _, after) => {
  const visitor = await visit((count) =>
    count === 1 ? { status, headers: { 'Retry-After': after() }, body: '{}' } : 'pass',
  );
  await visitor.run(`${track(3)}; PX.flush()`);
  await visitor.page.waitForFunction('PX.counts().retried');
  await visitor.pass(20_000);
  await visitor.run(`${track(25)}; PX.flush()`);
  await visitor.settle();
  expect(came(visitor)).toHaveLength(1);
  await visitor.pass(14_000);
  await passUntilStored(visitor, 'many');
  await expect.poll(() => numbers(visitor), { timeout: 10_000 }).toEqual([...upTo(3), ...upTo(25)]);
});

const page = '<!doctype html><title>Sign in to the Wi-Fi</title>';
test.each<[string, Reply]>([
  ['HTML with 200', { status: 200, headers: { 'Content-Type': 'text/html' }, body: page }],
  ['HTML with 404', { status: 404, headers: { 'Content-Type': 'text/html' }, body: page }],
  ['204', { status: 204 }],
  ['301', { status: 301, headers: { Location: '/moved' } }],
  ['JSON of another', { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"ok":true}' }],
  ['half of an answer', { status: 202, headers: { 'Content-Type': 'application/json' }, body: '{"accepted":3,"reje' }],
  ['500', { status: 500, body: '' }],
])('%s is no answer of the collector: what was sent is sent again, and stored once', async (_, reply) => {
  const visitor = await visit((count) => (count === 1 ? reply : 'pass'));
  await visitor.run(`${track(3)}; PX.flush()`);
  await passUntilStored(visitor, 'many');
  expect(await numbers(visitor)).toEqual(upTo(3));
  expect(visitor.errors).toEqual([]);
});

test('a server that says nothing for a minute is left, asked again, and delays no link', async () => {
  const visitor = await visit((count) => (count === 1 ? 'silence' : 'pass'));
  await visitor.run(`${track(3)}; void PX.flush()`);
  await cameTo(visitor, 1);
  await visitor.pass(60_000);
  await passUntilStored(visitor, 'many');
  expect(await numbers(visitor)).toEqual(upTo(3));
  shop.gate.answer(() => 'silence');
  await visitor.run(`${track(3)}; void PX.flush()`);
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
});

test('never a preflight', () => {
  expect(shop.gate.preflights()).toBe(0);
});
