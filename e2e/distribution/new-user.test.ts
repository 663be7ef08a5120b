import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { launchChromium } from '../src/browser.ts';
import { packPackages } from '../src/pack.ts';
import { exportRecentRows, makeServerKey, type StandaloneProcess, startProcess } from '../src/standalone-process.ts';
import { openFolder } from './open-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let standalone: StandaloneProcess;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'px-new-user-'));
  standalone = await startProcess({ dataDir: join(folder, 'data'), port: await findFreePort() });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await standalone?.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

/** vite and typescript are those of this house, so that the test needs no registry: the SDK has no dependencies. */
function runTool(name: string, binary: string, args: readonly string[], cwd: string): void {
  run(process.execPath, [join(root, 'node_modules', name, 'bin', binary), ...args], cwd);
}

test('an empty Vite project, the packed SDK, three lines: an event in the store', async () => {
  const createVite = dirname(createRequire(import.meta.url).resolve('create-vite/package.json'));
  run(process.execPath, [join(createVite, 'index.js'), 'app', '--template', 'vanilla-ts', '--no-interactive'], folder);
  const app = join(folder, 'app');
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  await writeFile(join(app, 'package.json'), JSON.stringify({ ...manifest, devDependencies: {} }));
  const [tarball = ''] = packPackages(['sdk'], folder);
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], app);
  expect(await readdir(join(app, 'node_modules'))).toEqual(['.package-lock.json', '@px-platform']);
  await symlink(join(root, 'node_modules/vite'), join(app, 'node_modules/vite'));

  await appendFile(
    join(app, 'src/main.ts'),
    `
import PX from '@px-platform/sdk';
PX.init({ apiKey: '${standalone.apiKey}', projectId: '${standalone.projectId}', endpoint: '${standalone.url}' });
PX.track('signup_completed', { plan: 'pro' });
`,
  );
  runTool('typescript', 'tsc', ['-p', app], app);
  runTool('vite', 'vite.js', ['build', '--logLevel', 'warn'], app);

  const site = await openFolder(join(app, 'dist'));
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const gzip = page.waitForResponse(/px-gzip/);
  await page.goto(site.url);
  await page.click('#counter');
  expect((await gzip).status()).toBe(200);
  // Left, not closed: who closes a page by the protocol may end it before it has said good-bye.
  await page.goto('about:blank');
  const key = await makeServerKey(standalone);
  const stored = async () => (await exportRecentRows(standalone, key)).map((row) => String(row['event'])).sort();
  await expect
    .poll(stored, { timeout: 20_000, interval: 250 })
    .toEqual(['click', 'page_view', 'scroll', 'signup_completed']);
  const [signup] = (await exportRecentRows(standalone, key)).filter((row) => row['event'] === 'signup_completed');
  expect(signup?.['properties']).toEqual({ plan: 'pro' });
  expect(complaints).toEqual([]);
  await page.close();
  await site.close();
});
