import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Standalone, startStandalone } from '@px-platform/standalone';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCustomerSite } from '../distribution/customer-site.ts';
import { launchChromium } from '../src/browser.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { makeProject, type StoredProject, type StoredRow } from '../src/stored-project.ts';
import { type LosingLine, openLosingLine } from './losing-line.ts';

const root = join(import.meta.dirname, '../..');
let server: Standalone;
let line: LosingLine;
let project: StoredProject;
let dataDir: string;
let projects = 0;

beforeAll(async () => {
  dataDir = makeDataDir('clients');
  server = await startStandalone({
    env: { DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error', FLUSH_INTERVAL_MS: '20' },
    clockOffsetMs: 0,
    site: { dir: join(root, 'standalone/demo'), sdkDir: join(root, 'sdk/dist') },
  });
  line = await openLosingLine(server.url);
});
afterAll(async () => {
  await line?.close();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  projects += 1;
  project = await makeProject(server, `clients ${projects}`, () => line.requests.length);
});

const visitor = {
  ip: '81.2.69.142',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  page: { url: 'https://shop.example/tea?utm_source=news', path: '/tea', referrer: 'https://www.google.com/' },
  locale: 'en-GB',
};
const toComparable = (row: StoredRow) => ({
  event: row.event,
  user_id: row.user_id,
  anonymous_id: row.anonymous_id,
  properties: row.properties,
  timestamp: row.timestamp,
});
const unique = (rows: readonly StoredRow[]) => new Set(rows.map(({ event_id }) => event_id)).size;

/** Makes one call of each kind by a server's client; both have the same methods. */
function callAll(
  client: Pick<Analytics | RudderAnalytics, 'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias'>,
): void {
  const at = { timestamp: new Date('2026-01-15T12:00:00.123Z') };
  const calls: [keyof typeof client, object][] = [
    ['identify', { userId: 'u1', traits: { plan: 'pro' } }],
    [
      'track',
      {
        userId: 'u1',
        anonymousId: 'a1',
        event: 'Order Completed',
        properties: { total: 9.5 },
        context: visitor,
        ...at,
      },
    ],
    [
      'page',
      { userId: 'u1', name: 'Tea', category: 'Shop', properties: { url: 'https://shop.example/tea', title: 'Tea' } },
    ],
    ['screen', { anonymousId: 'a1', name: 'Basket' }],
    ['group', { userId: 'u1', groupId: 'g1', traits: { seats: 3 } }],
    ['alias', { userId: 'u1', previousId: 'a1' }],
  ];
  for (const [method, call] of calls) Reflect.apply(client[method], client, [call]);
}

function expectAll(rows: readonly StoredRow[]): void {
  const byName = Object.fromEntries(rows.map((row) => [row.event, row]));
  expect(Object.keys(byName).sort()).toEqual(
    ['Order Completed', 'alias', 'group', 'identify', 'page_view', 'screen_view'].sort(),
  );
  expect([rows.length, unique(rows)]).toEqual([6, 6]);
  const order = byName['Order Completed'];
  if (order === undefined) throw new Error('no order');
  expect(toComparable(order)).toEqual({
    event: 'Order Completed',
    user_id: 'u1',
    anonymous_id: 'a1',
    properties: { total: 9.5 },
    timestamp: expect.stringMatching(/^2026-01-15T12:00:00\.1\d\dZ$/),
  });
  expect(order).toMatchObject({
    browser: 'Firefox',
    os: 'Windows',
    country: 'GB',
    path: '/tea',
    locale: 'en-GB',
    is_bot: false,
  });
  expect(byName['page_view']).toMatchObject({
    url: 'https://shop.example/tea',
    properties: { name: 'Tea', category: 'Shop' },
  });
  expect(byName['screen_view']).toMatchObject({
    anonymous_id: 'a1',
    properties: { name: 'Basket' },
    country: '',
    browser: '',
  });
  expect(byName['group']).toMatchObject({ user_id: 'u1', properties: { group_id: 'g1' } });
  expect(byName['alias']).toMatchObject({ user_id: 'u1', properties: { previous_id: 'a1' } });
}

test('@segment/analytics-node: what it sends arrives, and what it sends again makes no second row', async () => {
  const errors: unknown[] = [];
  const client = new Analytics({ writeKey: project.serverKey, host: line.url, flushAt: 6, maxRetries: 3 });
  client.on('error', (error) => errors.push(error));
  line.lose(2);
  callAll(client);
  await client.closeAndFlush();
  expect(errors).toEqual([]);
  expect(line.requests.map(({ isLost }) => isLost).slice(-3)).toEqual([true, true, false]);
  expectAll(await project.rows());
});

test('@rudderstack/rudder-sdk-node: what it sends, gzipped, arrives, and what it sends again makes no second row', async () => {
  const client = new RudderAnalytics(project.serverKey, { dataPlaneUrl: line.url, flushAt: 6, logLevel: 'error' });
  const before = line.requests.length;
  line.lose(2);
  callAll(client);
  await client.flush();
  const sent = line.requests.slice(before);
  expect([sent.filter(({ isLost }) => isLost).length, sent.at(-1)?.isLost]).toEqual([2, false]);
  expect(sent[0]?.body.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expectAll(await project.rows());
});

test('a tracking plan: what does not fit is marked on its row or refused, and a bomb in a schema goes off nowhere', async () => {
  const put = async (event: string, mode: string, schema: object) => {
    const path = `/admin/v1/projects/${project.projectId}/event-schemas/${encodeURIComponent(event)}`;
    const answer = await fetch(server.url + path, {
      method: 'PUT',
      headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ mode, schema }),
    });
    return answer.status;
  };
  const total = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
  expect(await put('Order Completed', 'warn', total)).toBe(201);
  expect(await put('Order Refunded', 'reject', total)).toBe(201);
  expect(await put('Bomb', 'warn', { properties: { text: { type: 'string', pattern: '^(a+)+$' } } })).toBe(201);
  expect(await put('Bomb', 'warn', { properties: { text: { pattern: '^(?=(a+)+$)' } } })).toBe(400);

  const client = new Analytics({ writeKey: project.serverKey, host: line.url, flushAt: 5, maxRetries: 0 });
  const track = (event: string, properties: object) =>
    client.track({ userId: 'u1', event, properties: { ...properties } });
  track('Order Completed', { total: 9.5 });
  track('Order Completed', { total: '9.50' });
  track('Order Refunded', { total: '9.50' });
  track('Order Refunded', { total: 9.5 });
  track('Bomb', { text: `${'a'.repeat(8_000)}!` });
  await client.closeAndFlush();
  const rows = await project.rows();
  expect(rows.map((row) => [row.event, row.properties['total'] ?? null, row.schema_violation])).toEqual([
    ['Order Completed', 9.5, ''],
    ['Order Completed', '9.50', 'properties.total: type'],
    ['Order Refunded', 9.5, ''],
    ['Bomb', null, 'properties.text: pattern'],
  ]);
  const asked = await fetch(`${server.url}/api/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${project.serverKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      question: 'breakdown',
      by: 'schema_violation',
      filters: [{ field: 'schema_violation', op: 'is_set' }],
      from: '2000-01-01T00:00:00Z',
      to: '2200-01-01T00:00:00Z',
    }),
  });
  const { rows: groups } = (await asked.json()) as { rows: unknown[][] };
  expect(groups.map(([mark]) => mark).sort()).toEqual(['properties.text: pattern', 'properties.total: type']);
});

test('@segment/analytics-next in a page: its calls arrive once, by either way of sending', async () => {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, 'segment-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const html = `<!doctype html><title>Tea</title><body><script>${bundle.outputFiles[0]?.text.replaceAll('</script', '<\\/script')}</script>`;
  const site = await openCustomerSite(server.url, () => ({ html }));
  const browser = await launchChromium();
  try {
    for (const strategy of ['standard', 'batching']) {
      projects += 1;
      project = await makeProject(server, `clients ${projects}`, () => line.requests.length);
      const page = await browser.newPage();
      await page.goto(`${site.url}/tea?utm_source=news`);
      line.lose(1);
      const segment = {
        apiKey: project.apiKey,
        apiHost: `${line.url.replace('http://', '')}/v1`,
        protocol: 'http',
        ...(strategy === 'batching' ? { deliveryStrategy: { strategy, config: { size: 4, timeout: 500 } } } : {}),
      };
      await page.evaluate(`(async () => {
        const analytics = AnalyticsBrowser.load({
          writeKey: '${project.apiKey}',
          cdnSettings: { integrations: { 'Segment.io': ${JSON.stringify(segment)} } },
        });
        window.analytics = analytics;
        await analytics.page('Tea');
        await analytics.identify('u1', { plan: 'pro' });
        await analytics.track('Order Completed', { total: 9.5 });
        await analytics.group('g1', { seats: 3 });
      })()`);
      await expect.poll(async () => unique(await project.rows()), { timeout: 30_000, interval: 200 }).toBe(4);
      // The one whose answer was lost is sent again.
      await expect.poll(() => line.requests.at(-1)?.isLost, { timeout: 30_000 }).toBe(false);
      const sent = line.requests.filter(({ body }) => body.includes(project.apiKey));
      await expect.poll(() => sent.length, { timeout: 30_000 }).toBeGreaterThan(strategy === 'batching' ? 1 : 3);
      const rows = await project.rows();
      expect([rows.length, rows.map(({ event }) => event).sort()]).toEqual([
        4,
        ['Order Completed', 'group', 'identify', 'page_view'],
      ]);
      expect(new Set(rows.map(({ anonymous_id }) => anonymous_id)).size).toBe(1);
      expect(rows.find(({ event }) => event === 'page_view')).toMatchObject({
        url: `${site.url}/tea?utm_source=news`,
        title: 'Tea',
        library_name: 'analytics.js',
        browser: 'Chromium',
      });
      expect(rows.find(({ event }) => event === 'Order Completed')).toMatchObject({
        user_id: 'u1',
        properties: { total: 9.5 },
      });
      await page.close();
    }
  } finally {
    await browser.close();
    await site.close();
  }
});
