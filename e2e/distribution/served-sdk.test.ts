import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { launchChromium } from '../src/browser.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { readSnippet } from '../src/site.ts';
import {
  type ExportedRow,
  exportRecentRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
} from '../src/standalone-process.ts';
import { type CustomerPage, type CustomerSite, openCustomerSite } from './customer-site.ts';

const nonce = 'bm9uY2U';
const policy = (collector: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `connect-src ${collector}`,
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

let standalone: StandaloneProcess;
let serverKey: string;
let site: CustomerSite;
let browser: Browser;
let dataDir: string;
const pages: Record<string, CustomerPage> = {};

beforeAll(async () => {
  dataDir = makeDataDir('served');
  standalone = await startProcess({ dataDir, port: await findFreePort() });
  serverKey = await makeServerKey(standalone);
  site = await openCustomerSite(standalone.url, (path) => pages[path]);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await standalone?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The README's snippet with this project's key, the file's address and more attributes of its tag. */
function snippet(src: string, { attributes = '', options = '', endpoint = standalone.url } = {}): string {
  return readSnippet(endpoint)
    .replace('px_pub_test_key', standalone.apiKey)
    .replace('projectId:"demo"', `projectId:"${standalone.projectId}"${options}`)
    .replace(' src="/px.js"', ` ${attributes} src="${src}"`);
}

const body = '<button id="go">Go</button>';

interface Visit {
  readonly violations: unknown;
  readonly loaded: readonly string[];
  readonly complaints: readonly string[];
  readonly page: Page;
}

/** Opens a page, waits for the SDK, clicks and flushes; gives what the policy refused and which files of the SDK came. */
async function visit(path: string, waitFor: readonly string[]): Promise<Visit> {
  const page = await browser.newPage();
  const loaded: string[] = [];
  const complaints: string[] = [];
  page.on('response', (answer) => {
    const name = /\/sdk\/([^?]+)$/.exec(answer.url())?.[1];
    if (name !== undefined && answer.ok()) loaded.push(name);
  });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript(
    "window.violations = []; document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => violations.push({ violatedDirective, blockedURI, sample }))",
  );
  await page.goto(site.url + path);
  await page.waitForFunction('PX.counts');
  await page.click('#go');
  await page.evaluate(`PX.track('arrived', { path: ${JSON.stringify(path)} }); PX.flush()`);
  await expect.poll(() => waitFor.filter((name) => !loaded.includes(name)), { timeout: 15_000 }).toEqual([]);
  return { violations: await page.evaluate('violations'), loaded, complaints, page };
}

/** The names of what is stored of a page, once its `arrived` is there. */
async function storedOf(path: string): Promise<string[]> {
  const eventsOf = (rows: readonly ExportedRow[]) =>
    rows.filter((row) => String(row['path']) === path).map((row) => String(row['event']));
  let events: string[] = [];
  await expect
    .poll(
      async () => {
        events = eventsOf(await exportRecentRows(standalone, serverKey));
        return events;
      },
      { timeout: 20_000, interval: 250 },
    )
    .toContain('arrived');
  return events.sort();
}

test('the snippet works under a strict policy with a nonce and Trusted Types, with the parts that come later', async () => {
  const html = snippet(`${standalone.url}/sdk/px.js`, { options: ',decorateParameter:"ref"' }).replaceAll(
    '<script',
    `<script nonce="${nonce}"`,
  );
  pages['/strict'] = {
    html: `<!doctype html>${html}${body}`,
    headers: { 'Content-Security-Policy': policy(standalone.url), 'Cross-Origin-Embedder-Policy': 'require-corp' },
  };
  const { violations, complaints, page } = await visit('/strict', ['px.js', 'px-gzip.js', 'px-options.js']);
  expect(violations).toEqual([]);
  expect(complaints.filter((text) => !text.includes('favicon'))).toEqual([]);
  await page.close();
  expect(await storedOf('/strict')).toEqual(['arrived', 'click', 'page_view', 'scroll']);
});

test('a stub that makes its own script element would be refused there', async () => {
  pages['/old'] = {
    html: `<!doctype html><script nonce="${nonce}">try { document.createElement('script').src = '/x.js' } catch { window.PX = { counts() {}, track() {}, flush() {} } }</script>${body}`,
    headers: { 'Content-Security-Policy': policy(standalone.url) },
  };
  const { violations, page } = await visit('/old', []);
  expect(violations).toMatchObject([{ violatedDirective: 'require-trusted-types-for' }]);
  await page.close();
});

test('the long-lived name loads under Subresource Integrity, and finds its parts beside itself', async () => {
  const told: Record<string, { immutable: string; integrity: string }> = JSON.parse(
    await (await fetch(`${standalone.url}/sdk/integrity.json`)).text(),
  );
  const { immutable = '', integrity = '' } = told['px.js'] ?? {};
  expect(immutable).toMatch(/^px\.[0-9a-f]{16}\.js$/);
  const src = `${standalone.url}/sdk/${immutable}`;
  pages['/hashed'] = { html: `<!doctype html>${snippet(src, { attributes: `integrity="${integrity}"` })}${body}` };
  const { page } = await visit('/hashed', [immutable, 'px-gzip.js']);
  await page.close();
  expect(await storedOf('/hashed')).toEqual(['arrived', 'click', 'page_view', 'scroll']);

  pages['/tampered'] = {
    html: `<!doctype html>${snippet(src, { attributes: `integrity="sha384-${'A'.repeat(64)}"` })}${body}`,
  };
  const tampered = await browser.newPage();
  await tampered.goto(`${site.url}/tampered`, { waitUntil: 'load' });
  expect(await tampered.evaluate('typeof PX.counts')).toBe('undefined');
  await tampered.close();
});

test('a page that names the hash of another build is measured by the present one', async () => {
  // Without CORS, as a tag manager may leave it.
  const html = snippet(`${standalone.url}/sdk/px.${'0'.repeat(16)}.js`).replace(' crossorigin', '');
  pages['/older'] = { html: `<!doctype html>${html}${body}` };
  const { page } = await visit('/older', ['px.js', 'px-gzip.js']);
  await page.close();
  expect(await storedOf('/older')).toContain('page_view');
});

test('all of it works behind a path of the site’s own', async () => {
  pages['/proxied'] = { html: `<!doctype html>${snippet('/measure/sdk/px.js', { endpoint: '/measure' })}${body}` };
  const { page } = await visit('/proxied', ['px.js', 'px-gzip.js']);
  const hosts = await page.evaluate<string[]>(
    "[...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).host))]",
  );
  expect(hosts).toEqual([new URL(site.url).host]);
  await page.close();
  expect(await storedOf('/proxied')).toEqual(['arrived', 'click', 'page_view', 'scroll']);
});

test('a module in a page imports it too', async () => {
  pages['/module'] = {
    html: `<!doctype html><script type="module">
import PX from '${standalone.url}/sdk/px.mjs';
window.PX = PX; PX.init({ apiKey: '${standalone.apiKey}', projectId: '${standalone.projectId}', endpoint: '${standalone.url}' });
</script>${body}`,
  };
  const { page } = await visit('/module', ['px.mjs', 'px-gzip.js']);
  await page.close();
  expect(await storedOf('/module')).toContain('click');
});
