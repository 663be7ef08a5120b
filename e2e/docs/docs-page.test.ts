import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowAnswerSchema } from '@px-platform/schemas';
import { type Standalone, startStandalone } from '@px-platform/standalone';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../src/browser.ts';

const root = join(import.meta.dirname, '../..');
let dataDir: string;
let standalone: Standalone;
let browser: Browser;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'px-docs-page-'));
  standalone = await startStandalone({
    env: { DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    clockOffsetMs: 0,
    site: { dir: join(root, 'standalone/demo'), sdkDir: join(root, 'sdk/dist') },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await standalone?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it('shows each operation, opens one, and asks nobody but its own server', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url()));

  await page.goto(`${standalone.url}/docs`);
  const batch = page.locator('.opblock', { has: page.locator('[data-path="/api/v1/events/batch"]') });
  await batch.waitFor({ timeout: 30_000 });
  const { paths } = JSON.parse(await (await fetch(`${standalone.url}/openapi.json`)).text());
  const operations = Object.values<object>(paths).flatMap((item) => Object.keys(item));
  expect(await page.locator('.opblock').count()).toBe(operations.length);
  expect(await page.locator('h1').textContent()).toContain('PX');

  await batch.locator('.opblock-summary-control').click();
  await batch.locator('.responses-table').waitFor({ timeout: 15_000 });
  expect(await batch.textContent()).toContain('What stands beside events holds for each that does not set it.');
  expect(await batch.textContent()).toContain('too_many_events');

  expect(asked.length).toBeGreaterThan(4);
  expect(asked.filter((url) => !url.startsWith(standalone.url) && !url.startsWith('data:'))).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

it('tells of a row what the store really gives: no column more, none less', async () => {
  const { url, demo } = standalone;
  const { readToken } = JSON.parse(await (await fetch(`${url}/demo/config.json`)).text());
  const sent = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${demo?.apiKey}` },
    body: JSON.stringify({ event: 'documented', anonymous_id: 'a1', properties: { n: 1, deep: { list: [1, 'x'] } } }),
  });
  expect(sent.status).toBe(202);
  const range = 'from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const read = async () => (await fetch(`${url}/api/v1/export/events?${range}&token=${readToken}`)).text();
  await expect.poll(read, { timeout: 20_000 }).toContain('documented');
  const rows = (await read()).trimEnd().split('\n');
  for (const row of rows) expect(rowAnswerSchema.strict().safeParse(JSON.parse(row)).error).toBeUndefined();
});
