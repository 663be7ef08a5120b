import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Shop, type Visitor } from '../../src/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** What pages, and the libraries of other decades, do to the browser. */
const breakages: Record<string, string> = {
  'JSON.stringify': "JSON.stringify = () => 'broken'",
  'JSON.parse': "JSON.parse = () => { throw new Error('parse') }",
  'toJSON of arrays and texts':
    "Array.prototype.toJSON = String.prototype.toJSON = Date.prototype.toJSON = () => 'broken'",
  'Object.prototype':
    'Object.prototype.extra = function () {}; Array.prototype.last = function () { return this[this.length - 1] }',
  'Promise, taken away': 'window.Promise = undefined',
  'Promise, of another make':
    'window.Promise = function (run) { this.then = () => this; this.catch = () => this; run(() => {}, () => {}) }',
  'fetch, taken away': 'window.fetch = undefined',
  'fetch, patched': "window.fetch = () => { throw new Error('patched') }",
  addEventListener: 'window.addEventListener = document.addEventListener = () => {}',
  'EventTarget.prototype.addEventListener':
    "EventTarget.prototype.addEventListener = function () { throw new Error('listen') }",
  sendBeacon: 'Navigator.prototype.sendBeacon = undefined',
  CompressionStream: "window.CompressionStream = class { constructor() { throw new Error('gzip') } }",
  'CompressionStream, cut short':
    'window.CompressionStream = class { constructor() { return new TransformStream({ transform() {} }) } }',
  'the title': "Object.defineProperty(document, 'title', { get() { throw new Error('title') } })",
  'the cookie':
    "Object.defineProperty(document, 'cookie', { get() { throw new Error('read') }, set() { throw new Error('write') } })",
  'reading the storage': "Storage.prototype.getItem = () => { throw new Error('read') }",
  'writing the storage': "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
  'the storage itself':
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError') } })",
  'a history that cannot be watched': 'Object.freeze(history); Object.freeze(History.prototype)',
  locks: "Object.defineProperty(Navigator.prototype, 'locks', { get() { throw new Error('locks') } })",
  crypto: "Object.defineProperty(window, 'crypto', { value: undefined })",
  Intl: 'window.Intl = undefined',
};
const body = `<a id="out" href="/blank">Out</a><button id="b" onclick="this.textContent = 'Gone'">Go</button>`;

/** One visitor to all: the page's path says what breaks it, and when. */
let visitor: Visitor;
beforeAll(async () => {
  visitor = await shop.newVisitor((path) => ({
    before: path.startsWith('/first/') ? (breakages[toName(path)] ?? '') : '',
    options: '{ flush: { maxWaitMs: 200 } }',
    body,
  }));
});
const toPath = (when: string, name: string) => `/${when}/${encodeURIComponent(name)}`;
const toName = (path: string) => decodeURIComponent(path.split('/')[2] ?? '');

/** The page works as if the SDK were not there; and what it tells arrives. */
const playOn = async (when: 'first' | 'later', name: string) => {
  const path = toPath(when, name);
  const errorsBefore = visitor.errors.length;
  await visitor.page.goto(path);
  await visitor.page.waitForFunction('window.PX && PX.counts');
  const made = "PX.track('made', { list: [1, 'a'], when: new Date(0), nested: { deep: true } }); void PX.flush()";
  await visitor.run(`${when === 'later' ? breakages[name] : ''}; ${made}`);
  await visitor.page.click('#b');
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
  expect(visitor.errors.slice(errorsBefore)).toEqual([]);
  const read = async () => (await visitor.rowsOf('made')).filter((row) => row.path === path);
  await expect.poll(async () => (await read()).length, { timeout: 10_000 }).toBe(1);
  const [row] = await read();
  expect(row?.properties).toEqual({ list: [1, 'a'], when: expect.any(String), nested: { deep: true } });
};

/** What a page without these cannot even be driven by. */
const neededToWatch = ['EventTarget.prototype.addEventListener'];
/** Without these from the start, no page of today runs at all; taken away later, what the SDK has kept must do. */
const neededAtStart = ['Promise, taken away', 'Promise, of another make', 'fetch, taken away', 'fetch, patched'];

test.each(Object.keys(breakages).filter((name) => ![...neededAtStart, ...neededToWatch].includes(name)))(
  'a page that broke %s first is measured',
  (name) => playOn('first', name),
);

test.each(Object.keys(breakages))('a page that breaks %s later is measured', (name) => playOn('later', name));

test.each(neededAtStart)('a page that took away %s first works as if the SDK were not there', async (name) => {
  const errorsBefore = visitor.errors.length;
  await visitor.page.goto(toPath('first', name));
  await visitor.run("window.PX && PX.track && PX.track('made'), 0");
  await visitor.page.click('#b');
  expect(await visitor.page.textContent('#b')).toBe('Gone');
  await visitor.page.click('#out');
  await visitor.page.waitForURL('**/blank');
  expect(visitor.errors.slice(errorsBefore)).toEqual([]);
});
