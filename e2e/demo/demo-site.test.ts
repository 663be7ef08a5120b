import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from '@px-platform/standalone';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../src/browser.ts';

const root = join(import.meta.dirname, '../..');
const patience = { timeout: 15_000 };
let dataDir: string;
let standalone: Standalone;
let browser: Browser;
let page: Page;
let shop: FrameLocator;
let complaints: string[];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'px-demo-site-'));
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

beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  // What the content policy forbids is told on the console, as errors are.
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(standalone.url);
  shop = page.frameLocator('#shop');
  await page.locator('#state[data-state="live"]').waitFor(patience);
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

function row(event: string, detail: string) {
  return page.locator('.event', { has: page.locator('strong', { hasText: event }) }).filter({ hasText: detail });
}

async function send(event: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${standalone.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${standalone.demo?.apiKey}` },
    body: JSON.stringify(event),
  });
  expect(answer.status).toBe(202);
}

describe('the demo site', () => {
  it('shows each click and page of the shop as it is stored, and keeps them from page to page', async () => {
    await row('page_view', '/shop/').first().waitFor(patience);
    await shop.getByRole('link', { name: 'Shop the teas' }).click();
    await shop.getByRole('button', { name: 'Add Ember Road to the basket' }).click();
    for (const [event, detail] of [
      ['click', '“Shop the teas”'],
      ['page_view', '/shop/teas/'],
      ['product_added', '/shop/teas/'],
    ]) {
      await row(event ?? '', detail ?? '')
        .first()
        .waitFor(patience);
    }
    expect(await row('page_view', '/shop/').count()).toBeGreaterThanOrEqual(2);
    expect(await page.textContent('#address')).toBe('/shop/teas/');
  });

  it('counts a page for each step of the single-page app', async () => {
    await shop.getByRole('link', { name: 'Blend studio', exact: true }).click();
    await shop.getByText('Rooibos').click();
    await shop.getByRole('button', { name: 'Next' }).click();
    await shop.getByText('Orange peel').click();
    for (const path of ['/shop/studio/', '/shop/studio/botanicals']) {
      await row('page_view', path).first().waitFor(patience);
    }
    await row('blend_botanical_added', '/shop/studio/botanicals').waitFor(patience);
  });

  it('names the buyer from the order on', async () => {
    await shop.getByRole('button', { name: 'Add Harbour Fog to the basket' }).click();
    await shop.getByRole('link', { name: /^Basket/ }).click();
    await shop.getByRole('link', { name: 'Go to checkout' }).click();
    await shop.getByRole('button', { name: 'Place the order' }).click();
    await shop.getByText('Thank you, Ada').waitFor(patience);
    await row('order_completed', 'buyer-').waitFor(patience);
    await row('page_view', '/shop/thanks').filter({ hasText: 'buyer-' }).waitFor(patience);
  });

  it('shows places, devices and channels of sample visitors, and counts them', async () => {
    await page.getByRole('button', { name: 'Send sample visitors' }).click();
    for (const text of ['Zurich', 'Cape Town', 'organic search', 'iOS', 'email', 'bot']) {
      await page.locator('.event', { hasText: text }).first().waitFor(patience);
    }
    await expect.poll(async () => Number(await page.textContent('#total-visitors')), patience).toBeGreaterThan(11);
    const rects = page.locator('#chart rect.bar-full, #chart rect.bar-running');
    expect(await rects.count()).toBeGreaterThan(0);
  });

  it('shows what a stranger wrote as text, never as markup', async () => {
    const hostile = '<img src=x onerror="document.title=1">';
    await send({
      event: hostile,
      anonymous_id: hostile,
      user_id: '<script>document.title=1</script>',
      properties: { text: hostile },
      context: { page: { url: 'http://x.example/', path: `/${hostile}` } },
    });
    const shown = page.locator('.event', { hasText: hostile });
    await shown.waitFor(patience);
    await shown.locator('summary').click();
    await shown.locator('pre').waitFor(patience);
    expect(await page.locator('.events img, .events script').count()).toBe(0);
    expect(await page.title()).toContain('PX live demo');
  });

  it('shows the last events again after a reload, on the same page of the shop', async () => {
    await shop.getByRole('link', { name: 'Our story' }).click();
    await row('page_view', '/shop/about').first().waitFor(patience);
    // A sample visitor may have been there before: the address says that this one has arrived.
    await page.waitForURL('**/#/shop/about', patience);
    await page.reload();
    await shop.getByRole('heading', { name: 'A small shop with a big kettle' }).waitFor(patience);
    await row('page_view', '/shop/about').first().waitFor(patience);
  });

  it('does not measure the page around the shop, and takes it to no address outside the shop', async () => {
    await page.goto(`${standalone.url}/#//evil.example/shop/`);
    await page.reload();
    await shop.getByRole('heading', { name: /Tea for the/ }).waitFor(patience);
    expect(await page.evaluate('"PX" in window')).toBe(false);
  });
});
