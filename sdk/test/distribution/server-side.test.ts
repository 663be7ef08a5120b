import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = new URL('../../dist/', import.meta.url);

/** What a server, a worker or a test runner may have of a browser. */
const worlds: Record<string, string> = {
  'plain Node': '',
  'a window without a document': 'globalThis.window = {};',
  'a window that is the global object': 'globalThis.window = globalThis; globalThis.self = globalThis;',
  'a document that is a shell': 'globalThis.document = {};',
  'a window and a document that are shells': 'globalThis.window = {}; globalThis.document = {};',
  'a storage and a location without a page':
    'globalThis.localStorage = {}; globalThis.location = { href: "http://a/", search: "" };',
};

const loads: Record<string, string> = {
  import: `const { default: PX } = await import('./px.mjs');
const [{ vitals }, { errors }, { forms }] = await Promise.all(['vitals', 'errors', 'forms'].map((name) => import('./' + name + '.mjs')));`,
  require: `const require = (await import('node:module')).createRequire(import.meta.url);
const PX = require('./px.cjs');
const [{ vitals }, { errors }, { forms }] = ['vitals', 'errors', 'forms'].map((name) => require('./' + name + '.cjs'));`,
};

const calls = `
const before = Object.keys(globalThis).length;
let isReady = false;
globalThis.fetch = () => { throw new Error('the network was used'); };
PX.init({ apiKey: 'px_pub_live_key', projectId: 'p', endpoint: 'https://px.example.com', plugins: [vitals(), errors(), forms()] });
PX.track('a', { b: 1 }, { critical: true }); PX.page(); PX.identify('u'); PX.group('g'); PX.alias('a'); PX.register({ c: 1 });
PX.unregister('c'); PX.setConsent({ analytics: true }); PX.optOut(); PX.optIn(); PX.use({ name: 'p' }); PX.reset();
PX.ready(() => { isReady = true; });
PX.instance('b').init({ apiKey: 'px_pub_live_key', projectId: 'q' });
await PX.flush();
console.log(JSON.stringify({ isReady, counts: PX.counts(), added: Object.keys(globalThis).length - before }));`;

const cases = Object.keys(worlds).flatMap((world) => Object.keys(loads).map((load) => [load, world] as const));

test.each(cases)('%s on %s throws nothing, and the process ends by itself', (load, world) => {
  const script = `${worlds[world]}\n${(loads[load] ?? '').replaceAll("'./", `'${dist.href}`).replaceAll(`require('${dist.href}`, `require('${fileURLToPath(dist)}`)}\n${calls}`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(dist),
    encoding: 'utf8',
    timeout: 5_000,
  });
  const told: { isReady: boolean; counts: Record<string, number>; added: number } = JSON.parse(out);
  expect(told.added).toBe(0);
  // A document, be it a shell, is taken for a page.
  if (!world.includes('shell')) expect(told).toEqual({ isReady: false, counts: {}, added: 0 });
});
