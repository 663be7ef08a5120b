import type { Page } from 'playwright-core';
import { readSdkDist } from '../../config.ts';
import { px } from '../../contestants/contestants.ts';
import type { Arrived } from '../../page/collector.ts';
import { withFreshPage } from '../../page/fresh-page.ts';
import { openGround } from '../../page/open-ground.ts';
import { serveSdk } from '../../page/serve-sdk.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** What an event may weigh on the line, in a batch of 20. */
const maxBytesPerEvent = 90;
const batchEvents = 20;
const batches = 5;
const longestMs = 20_000;

/** What the SDK's batches of 20 weigh when a visitor really clicks and moves on, and the page tracks a few events. */
export const measureSdkWire: Measurement = async (effort, say) => {
  const ground = await openGround(shop);
  const perEvent: number[] = [];
  const kinds = new Map<string, number>();
  let json = 0;
  let preflights = 0;
  try {
    serveSdk(ground.site, readSdkDist());
    for (let round = 0; round < effort.rounds; round += 1) {
      const arrived = ground.collector.begin(px.toAnswer);
      await withFreshPage(ground, 1, async (page) => {
        await page.addScriptTag({ url: '/px.js' });
        await page.evaluate(
          `PX.init({ apiKey: 'px_pub_live_0123456789abcdefghijklmnopqrstAbCdEf', projectId: 'bench', endpoint: '${ground.collector.url}' })`,
        );
        await visit(page, arrived);
      });
      preflights += arrived.preflights;
      for (const { text, bytes } of arrived.bodies) {
        const names = toEventNames(text);
        if (names.length !== batchEvents) continue;
        perEvent.push(bytes / batchEvents);
        json += text.length / batchEvents;
        for (const name of names) kinds.set(name, (kinds.get(name) ?? 0) + 1);
      }
    }
  } finally {
    await ground.close();
  }
  if (perEvent.length === 0) throw new Error(`The SDK sent no batch of ${batchEvents} events.`);
  const median = toMedian(perEvent);
  say(`${toFixed(median)} bytes an event`);
  const mixed = [...kinds].sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} \`${name}\``);
  return [
    {
      title: 'What an event weighs on the line',
      words:
        `A shop's page in Chromium: real clicks on products, a change of page inside the app after every third, a tracked event with five ` +
        `properties after each click. Bodies of ${batchEvents} events, as sent, without headers, divided by ${batchEvents}; in all ${mixed.join(', ')}.`,
      header: ['batches', 'least', 'median', 'most', 'as JSON', 'limit', 'ratio'],
      rows: [
        [
          toFixed(perEvent.length),
          ...[Math.min(...perEvent), median, Math.max(...perEvent), json / perEvent.length].map((bytes) =>
            toFixed(bytes),
          ),
          toFixed(maxBytesPerEvent),
          toFixed(median / maxBytesPerEvent, 2),
        ],
      ],
      targets: [
        {
          what: 'bytes an event, clicked, viewed and tracked',
          atLeast: `<= ${maxBytesPerEvent} bytes`,
          measured: `${toFixed(median)} bytes`,
          isMet: median <= maxBytesPerEvent,
        },
        { what: 'preflights of these', atLeast: '<= 0', measured: toFixed(preflights), isMet: preflights === 0 },
      ],
    },
  ];
};

const teas = ['First light', 'Moss path', 'Night garden', 'Harbour fog', 'Ember road', 'Rain on slate'];
const shop = `<!doctype html><html lang="en"><title>Teas of the season - The small tea shop</title><body><main id="shop">
${teas
  .map(
    (tea, at) => `<section class="card shelf"><h2>${tea}</h2><a class="more link" href="#${at}">Read about ${tea}</a>
<button id="buy-${at}" class="buy wide primary" data-px-position="${at}">Add ${tea} to your basket</button></section>`,
  )
  .join('\n')}
</main></body></html>`;

/** Clicks through the shop as a visitor would, until enough batches arrived. */
async function visit(page: Page, arrived: Arrived): Promise<void> {
  const until = performance.now() + longestMs;
  for (let click = 0; performance.now() < until; click += 1) {
    const tea = (click * 5) % teas.length;
    await page.click(click % 4 === 3 ? `section:nth-of-type(${tea + 1}) a` : `#buy-${tea}`);
    await page.evaluate(
      `PX.track('product_added', { sku: 'tea-${click}-${tea}', position: ${click % 12}, list: 'seasonal', price: ${(tea * 1.5 + 8).toFixed(2)}, currency: 'EUR' })`,
    );
    if (click % 3 === 2) await page.evaluate(`history.pushState({}, '', '/teas/${click}?sort=new')`);
    const full = arrived.bodies.filter(({ text }) => toEventNames(text).length === batchEvents);
    if (full.length >= batches) return;
  }
}

function toEventNames(text: string): string[] {
  const batch: { events?: { event?: unknown }[] } = JSON.parse(text);
  return batch.events?.map(({ event }) => String(event)) ?? [];
}
