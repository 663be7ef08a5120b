import type { Page } from 'playwright-core';
import { readSdkDist } from '../../config.ts';
import { px } from '../../contestants/contestants.ts';
import type { Arrived } from '../../page/collector.ts';
import { withFreshPage } from '../../page/fresh-page.ts';
import { openGround } from '../../page/open-ground.ts';
import { serveSdk } from '../../page/serve-sdk.ts';
import type { Section, Target } from '../../report/section.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** What an event may weigh on the line. */
const maxBytesPerEvent = 90;
const clicks = 50;
const longestMs = 15_000;
/** Between two clicks: quicker than a hand, slower than the line, so that batches fill as they do for a visitor. */
const handMs = 60;

const visits = [
  { name: 'on one page', clicksPerView: Number.POSITIVE_INFINITY },
  { name: 'over pages of an app, three clicks each', clicksPerView: 3 },
] as const;

/** What one visit sent. */
interface Sent {
  readonly bytes: number;
  readonly jsonBytes: number;
  readonly names: readonly string[];
  readonly requests: number;
  readonly preflights: number;
}

/** What the SDK's events weigh when a visitor really clicks and moves on, and the page tracks an event of its own each time. */
export const measureSdkWire: Measurement = async (effort, say) => {
  const ground = await openGround(shop);
  const rows: string[][] = [];
  const targets: Target[] = [];
  try {
    serveSdk(ground.site, readSdkDist());
    for (const { name, clicksPerView } of visits) {
      const sent: Sent[] = [];
      for (let round = 0; round < effort.rounds; round += 1) {
        const arrived = ground.collector.begin(px.toAnswer);
        await withFreshPage(ground, 1, async (page) => {
          await page.addScriptTag({ url: '/px.js' });
          await page.evaluate(
            `PX.init({ apiKey: 'px_pub_live_0123456789abcdefghijklmnopqrstAbCdEf', projectId: 'bench', endpoint: '${ground.collector.url}' })`,
          );
          await visit(page, clicksPerView);
          await page.evaluate('PX.flush()');
          await waitForAll(arrived);
        });
        sent.push(toSent(arrived));
      }
      const bytes = toMedian(sent.map((one) => one.bytes / one.names.length));
      const median = (of: (one: Sent) => number): string => toFixed(toMedian(sent.map(of)));
      const preflights = Math.max(...sent.map((one) => one.preflights));
      say(`${toFixed(bytes)} bytes an event ${name}`);
      rows.push([
        name,
        tell(sent[0]?.names ?? []),
        median(({ requests }) => requests),
        median(({ jsonBytes, names }) => jsonBytes / names.length),
        toFixed(bytes),
        toFixed(maxBytesPerEvent),
        toFixed(bytes / maxBytesPerEvent, 2),
      ]);
      targets.push(
        {
          what: `bytes an event, clicked, viewed and tracked, ${name}`,
          atLeast: `<= ${maxBytesPerEvent} bytes`,
          measured: `${toFixed(bytes)} bytes`,
          isMet: bytes <= maxBytesPerEvent,
        },
        { what: `preflights, ${name}`, atLeast: '<= 0', measured: toFixed(preflights), isMet: preflights === 0 },
      );
    }
  } finally {
    await ground.close();
  }
  return [toSection(rows, targets, effort.rounds)];
};

function toSection(rows: readonly string[][], targets: readonly Target[], rounds: number): Section {
  return {
    title: 'What an event weighs on the line',
    words:
      `A shop's page in Chromium, ${rounds} fresh profiles, medians: ${clicks} real clicks on products, and after each a tracked event with five ` +
      'properties; then `flush()`. All bodies as sent, without headers, divided by all events in them. At 20 events ' +
      'the SDK sends by itself.',
    header: ['visit', 'events of the first', 'requests', 'as JSON', 'bytes an event', 'limit', 'ratio'],
    rows,
    targets,
  };
}

const teas = ['First light', 'Moss path', 'Night garden', 'Harbour fog', 'Ember road', 'Rain on slate'];
const shop = `<!doctype html><html lang="en"><title>Teas of the season - The small tea shop</title><body><main id="shop">
${teas
  .map(
    (
      tea,
      at,
    ) => `<section class="card shelf"><h2>${tea}</h2><a class="more link" href="/teas/${at}" onclick="return false">Read about ${tea}</a>
<button id="buy-${at}" class="buy wide primary" data-px-position="${at}">Add ${tea} to your basket</button></section>`,
  )
  .join('\n')}
</main></body></html>`;

/** Clicks through the shop as a visitor would, and changes the page inside the app after every few clicks. */
async function visit(page: Page, clicksPerView: number): Promise<void> {
  for (let click = 0; click < clicks; click += 1) {
    const tea = (click * 5) % teas.length;
    await page.click(click % 4 === 3 ? `section:nth-of-type(${tea + 1}) a` : `#buy-${tea}`);
    await page.evaluate(
      `PX.track('product_added', { sku: 'tea-${click}-${tea}', position: ${click % 12}, list: 'seasonal', price: ${(tea * 1.5 + 8).toFixed(2)}, currency: 'EUR' })`,
    );
    await page.waitForTimeout(handMs);
    if ((click + 1) % clicksPerView === 0) await page.evaluate(`history.pushState({}, '', '/teas/${click}?sort=new')`);
  }
}

async function waitForAll(arrived: Arrived): Promise<void> {
  for (const until = performance.now() + longestMs; arrived.marks.size < clicks; ) {
    if (performance.now() > until) throw new Error(`Of ${clicks} tracked events ${arrived.marks.size} arrived.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function toSent({ bodies, bodyBytes, requests, preflights }: Arrived): Sent {
  return {
    bytes: bodyBytes,
    jsonBytes: bodies.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    names: bodies.flatMap(({ text }) => toEventNames(text)),
    requests,
    preflights,
  };
}

function toEventNames(text: string): string[] {
  const batch: { events?: { event?: unknown }[] } = JSON.parse(text);
  return batch.events?.map(({ event }) => String(event)) ?? [];
}

function tell(names: readonly string[]): string {
  const kinds = new Map<string, number>();
  for (const name of names) kinds.set(name, (kinds.get(name) ?? 0) + 1);
  return [...kinds]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} \`${name}\``)
    .join(', ');
}
