import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { launchCachingChromium } from '../src/browser.ts';
import { createRandom } from '../src/history.ts';
import { makeServerKey, type StandaloneProcess, startProcess } from '../src/standalone-process.ts';
import { apps } from './apps.ts';
import { playVisit } from './play-visit.ts';
import { installApp } from './preparing/install-app.ts';
import { readTag } from './preparing/read-tag.ts';
import { serveApp } from './preparing/serve-app.ts';
import { readStored } from './visiting/stored.ts';
import { openVisitor } from './visiting/visitor.ts';

const actionCount = 100;
const seed = process.env['PX_PAGES_SEED'] || 'a visit of a hundred';
const installMs = 300_000;

const table: Record<string, unknown>[] = [];
let dataDir: string;
let server: StandaloneProcess;
let key: string;
let elsewhere: Server;
let browser: Browser;
let folders: Promise<string>[];

beforeAll(async () => {
  folders = apps.map(installApp);
  // Who fails is told by the test of its app.
  await Promise.allSettled(folders);
  dataDir = mkdtempSync(join(tmpdir(), 'px-pages-'));
  server = await startProcess({ dataDir, port: await findFreePort() });
  key = await makeServerKey(server);
  const port = await findFreePort();
  elsewhere = createServer((_, res) => void res.setHeader('Content-Type', 'text/html').end('<title>Elsewhere</title>'));
  await new Promise<void>((resolve) => elsewhere.listen(port, '127.0.0.1', resolve));
  // Nobody leaves this machine: the starters link to their makers.
  browser = await launchCachingChromium([
    `--host-resolver-rules=MAP elsewhere.example 127.0.0.1:${port},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
  ]);
}, installMs);

afterAll(async () => {
  for (const row of table)
    console.log(
      Object.entries(row)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · '),
    );
  await browser?.close();
  elsewhere?.close();
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe.each(apps.map((app, index) => [app.name, app, index] as const))('%s', (_, app, index) => {
  test(
    'what was done in a visit of a hundred actions is what is stored',
    async () => {
      const folder = await folders[index];
      if (folder === undefined) throw new Error(`${app.name} was not installed.`);
      const { url: endpoint, apiKey, projectId } = server;
      const served = await serveApp(app, folder, readTag({ endpoint, apiKey, projectId }));
      try {
        const context = await browser.newContext();
        const complaints: string[] = [];
        context.on('weberror', (webError) => complaints.push(String(webError.error())));
        const page = await context.newPage();
        let addressWrites = 0;
        const session = await context.newCDPSession(page);
        await session.send('Page.enable');
        session.on('Page.navigatedWithinDocument', ({ navigationType }) => {
          if (navigationType === 'historyApi') addressWrites += 1;
        });
        const random = createRandom(`${seed}:${app.name}`);
        const visitor = await openVisitor({ app, page, first: new URL('/', served.url), random });
        const startedAt = performance.now();
        await playVisit(visitor, actionCount);
        const seconds = Math.round((performance.now() - startedAt) / 1_000);
        await page.close();
        const made = visitor.ledger;
        const stored = await readStored(server, key, served.url, made.pageViews.length + made.clicks.length);
        table.push({
          app: app.madeBy,
          actions: actionCount,
          kinds: made.actions.size,
          'page views made': made.pageViews.length - made.passedThrough.length,
          'redirects passed': made.passedThrough.length,
          'page views stored': stored.pageViews.length,
          'clicks made': made.clicks.length,
          'clicks stored': stored.clicks.length,
          'push/replaceState': addressWrites,
          seconds,
        });
        await context.close();
        expect(stored).toEqual({ pageViews: made.pageViews, clicks: made.clicks, doubled: 0 });
        expect(complaints).toEqual([]);
      } finally {
        await served.close();
      }
    },
    installMs,
  );
});
