import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { launchChromium } from '../src/browser.ts';
import { type Collector, openCollector } from '../src/collector.ts';
import { packPackages } from '../src/pack.ts';

const source = fileURLToPath(new URL('next-app', import.meta.url));
/** Kept from run to run: Next.js weighs 340 MB. */
const folder = fileURLToPath(new URL('../out/next-app', import.meta.url));
const patience = { timeout: 30_000 };
let server: ChildProcess;
let url: string;
let browser: Browser;
let collector: Collector;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  installApp();
  execFileSync(process.execPath, [join(folder, 'node_modules/next/dist/bin/next'), 'build'], inApp);
  collector = await openCollector();
  const port = await findFreePort();
  server = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '-p', String(port)], {
    ...inApp,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  url = `http://127.0.0.1:${port}`;
  await new Promise((resolve, reject) => {
    server.stdout?.on('data', (text) => /Ready/.test(String(text)) && resolve(text));
    server.once('exit', () => reject(new Error('Next.js ended before it was ready.')));
  });
  browser = await launchChromium();
}, 400_000);
afterAll(async () => {
  await browser?.close();
  server?.kill('SIGTERM');
  await collector?.close();
});
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  await page.addInitScript(`window.collectorUrl = '${collector.url}'`);
  page.on('pageerror', (error) => complaints.push(error.message));
});

const inApp = {
  cwd: folder,
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
};

/** Lays the app out, with Next.js from the registry where it is not there yet, and both packages as they are published. */
function installApp(): void {
  mkdirSync(folder, { recursive: true });
  for (const old of ['app', '.next', 'packed']) rmSync(join(folder, old), { recursive: true, force: true });
  const wanted = readFileSync(join(source, 'package.json'), 'utf8');
  const isThere =
    existsSync(join(folder, 'wanted.json')) && readFileSync(join(folder, 'wanted.json'), 'utf8') === wanted;
  if (!isThere) rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  mkdirSync(join(folder, 'packed'));
  const tarballs = packPackages(['sdk', 'sdk/react'], join(folder, 'packed'));
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  execFileSync('npm', ['install', ...quietly, ...tarballs], inApp);
  cpSync(join(source, 'package.json'), join(folder, 'wanted.json'));
}

const viewsOf = (apiKey: string) =>
  collector.deliveries
    .filter(({ batch }) => batch.api_key === apiKey)
    .flatMap(({ batch }) => batch.events.filter(({ event }) => event === 'page_view'))
    .map(({ context, properties }) => [`${context?.page?.path}${context?.page?.search ?? ''}`, properties?.['route']]);

async function go(path: string): Promise<void> {
  await page.click(`text="${path}"`);
  await page.waitForURL(url + path, patience);
}

test('a server renders pages whole, with the provider around them', async () => {
  expect(await (await fetch(`${url}/teas/ember`)).text()).toMatch(/<nav>.*<h1>Tea (<!-- -->)?ember<\/h1>/);
});

test('each page of a Next.js app is one view with its route', async () => {
  await page.goto(`${url}/`);
  for (const path of ['/teas/ember', '/teas/moss', '/teas/moss?sort=up', '/docs/a/b']) await go(path);
  await page.goBack();
  const views = [
    ['/', '/'],
    ['/teas/ember', '/teas/:slug'],
    ['/teas/moss', '/teas/:slug'],
    ['/docs/a/b', '/docs/:path*'],
    ['/teas/moss?sort=up', '/teas/:slug'],
  ];
  await expect.poll(() => viewsOf('px_pub_test_path'), patience).toEqual(views);
  expect(complaints).toEqual([]);
});

test('a changed query is one where asked, in a second instance that loads with its part of the app', async () => {
  await page.goto(`${url}/by-query`);
  await go('/by-query?page=2');
  await go('/by-query');
  const views = ['/by-query', '/by-query?page=2', '/by-query'].map((path) => [path, '/by-query']);
  await expect.poll(() => viewsOf('px_pub_test_query'), patience).toEqual(views);
  expect(complaints).toEqual([]);
});
