import type { Page } from 'playwright-core';
import { launchChromium } from '../processes/launch-chromium.ts';
import { openStandalone, type Standalone } from '../processes/standalone.ts';
import { toFixed, toMedian, toSpread } from '../report/spread.ts';
import type { Effort, Measurement } from './measurement.ts';

/** µs a call, of each round. */
interface TrackCost {
  readonly track: number[];
  readonly stringify: number[];
  readonly empty: number[];
}

const rounds = 9;

/** What a page pays for one `track()`: the call until it returns, with the event kept in the browser's storage. */
export const measureTrack: Measurement = async (effort, say) => {
  const standalone = await openStandalone();
  const browser = await launchChromium();
  try {
    const page = await openPage(await browser.newPage(), standalone);
    const cost = await measureCalls(page, effort);
    say(`track() takes ${toFixed(toMedian(cost.track), 1)} µs`);
    return [
      {
        title: 'What track() costs a page',
        words:
          `In Chromium ${browser.version()}, µs a call until it returns: min / median of ${rounds} rounds of ${effort.trackCalls} calls with three ` +
          'properties; the SDK is the built one, as the server gives it, and sends meanwhile. Limits: `JSON.stringify` ' +
          'of such an event, which is the least that keeping it takes, and a call of an empty function.',
        header: ['track()', 'JSON.stringify', 'empty call', 'ratio to JSON.stringify'],
        rows: [
          [
            toSpread(cost.track, 1),
            toSpread(cost.stringify, 2),
            toSpread(cost.empty, 3),
            toFixed(toMedian(cost.track) / toMedian(cost.stringify), 1),
          ],
        ],
        targets: [],
      },
    ];
  } finally {
    await browser.close();
    await standalone.close();
  }
};

/** A page of the server's own origin that embeds the SDK by script tag, and nothing else. */
async function openPage(page: Page, { url, apiKey, projectId }: Standalone): Promise<Page> {
  const address = `${url}/bench/empty.html`;
  const body = '<!doctype html><title>bench</title><script src="/px.js"></script>';
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(address);
  const options = JSON.stringify({ apiKey, projectId, endpoint: url });
  await page.evaluate(`PX.init(${options})`);
  return page;
}

/** Between rounds what waits is sent, so that no round pays for a queue that the one before it left. */
async function measureCalls(page: Page, effort: Effort): Promise<TrackCost> {
  const cost: TrackCost = { track: [], stringify: [], empty: [] };
  for (let round = 0; round < rounds; round += 1) {
    cost.track.push(
      await timeCalls(page, "PX.track('product_added', { sku: 'first-light', price: 12.5, at })", effort),
    );
    await page.evaluate('PX.flush()');
    cost.stringify.push(await timeCalls(page, `kept = JSON.stringify(${event})`, effort));
    cost.empty.push(await timeCalls(page, 'nothing(at)', effort));
  }
  return cost;
}

const event = `{
  event: 'product_added', event_id: '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b', timestamp: '2026-01-31T12:00:00.000Z',
  properties: { sku: 'first-light', price: 12.5, at },
  context: { page: { url: location.href, path: location.pathname, referrer: '', title: 'bench', search: '' } },
}`;

async function timeCalls(page: Page, call: string, { trackCalls }: Effort): Promise<number> {
  const us: unknown = await page.evaluate(`(() => {
    let kept;
    const nothing = (at) => { kept = at; };
    const startedAt = performance.now();
    for (let at = 0; at < ${trackCalls}; at += 1) { ${call}; }
    const us = (performance.now() - startedAt) * 1000 / ${trackCalls};
    globalThis.benchKept = kept;
    return us;
  })()`);
  return Number(us);
}
