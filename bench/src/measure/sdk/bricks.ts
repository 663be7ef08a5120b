import { withFreshPage } from '../../page/fresh-page.ts';
import { type Ground, openGround } from '../../page/open-ground.ts';
import { toTasksBetween, traceDuring } from '../../page/trace.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

/** A call of the browser that an SDK cannot do without, or may choose between. */
interface Brick {
  readonly name: string;
  /** A statement; it sees `url`, `body` (1.5 KB), and `n`, the number of the call. */
  readonly code: string;
}

const post = "method: 'POST', body, headers: { 'Content-Type': 'text/plain' }";
const bricks: readonly Brick[] = [
  { name: 'nothing', code: '' },
  { name: 'fetch, answer read', code: `fetch(url, { ${post} }).then((answer) => answer.text())` },
  {
    name: 'the same with keepalive',
    code: `fetch(url, { ${post}, keepalive: true }).then((answer) => answer.text())`,
  },
  {
    name: 'XMLHttpRequest',
    code: "const request = new XMLHttpRequest(); request.open('POST', url); request.send(body)",
  },
  { name: 'sendBeacon', code: 'navigator.sendBeacon(url, body)' },
  { name: '20 setItem of 300 bytes', code: toTwenty("localStorage.setItem('k' + n + '-' + at, 'x'.repeat(300))") },
  {
    name: 'the same, and 20 removeItem',
    code: `${toTwenty("localStorage.setItem('k' + n + '-' + at, 'x'.repeat(300))")} ${toTwenty("localStorage.removeItem('k' + n + '-' + at)")}`,
  },
  {
    name: '2 setItem of 3,000 bytes',
    code: "for (let at = 0; at < 2; at += 1) localStorage.setItem('k' + n + '-' + at, 'x'.repeat(3000))",
  },
  { name: '20 getItem', code: toTwenty("localStorage.getItem('k' + n + '-' + at)") },
  { name: 'document.cookie read', code: 'document.cookie' },
  { name: 'Intl time zone', code: 'Intl.DateTimeFormat().resolvedOptions().timeZone' },
  { name: 'Temporal time zone', code: 'globalThis.Temporal?.Now.timeZoneId()' },
];

const calls = 11;

/** What the first call on a page costs until it returns, in µs, and what each later one costs in tasks on the CPU. */
interface BrickCost {
  readonly firstUs: number;
  readonly laterTaskUs: number;
}

/** What the browser itself takes for the calls that an SDK is made of: no SDK can be cheaper than the sum of its own. */
export const measureSdkBricks: Measurement = async (effort, say) => {
  const ground = await openGround();
  try {
    ground.collector.begin(() => ({ status: 202, body: '{}' }));
    const costs = new Map(bricks.map((brick): [Brick, BrickCost[]] => [brick, []]));
    for (let page = 0; page < effort.pages; page += 1) {
      for (const [brick, found] of costs) found.push(await callOnFreshPage(ground, brick));
      say(`page ${page + 1} of ${effort.pages} of each`);
    }
    const median = (found: readonly BrickCost[], of: (cost: BrickCost) => number): number => toMedian(found.map(of));
    const [idle = []] = costs.values();
    const idleUs = median(idle, ({ laterTaskUs }) => laterTaskUs);
    return [
      {
        title: 'What the browser takes for its own functions',
        words:
          `Chromium ${ground.browser.version()}, ${effort.pages} fresh profiles each, medians. *First*: until the first call on a page ` +
          'returns. *Later*: tasks of the main thread from the call until all it caused is over, in time on the CPU, less those of ' +
          `the same page that calls nothing (${toFixed(idleUs)} µs, the tracing among it). Requests carry 1,500 bytes to another origin.`,
        header: ['call', 'first, µs', 'later, µs of tasks'],
        rows: [...costs].map(([{ name }, found]) => [
          name,
          toFixed(median(found, ({ firstUs }) => firstUs)),
          found === idle ? '' : toFixed(Math.max(0, median(found, ({ laterTaskUs }) => laterTaskUs) - idleUs)),
        ]),
        targets: [],
      },
    ];
  } finally {
    await ground.close();
  }
};

function toTwenty(statement: string): string {
  return `for (let at = 0; at < 20; at += 1) ${statement};`;
}

function callOnFreshPage(ground: Ground, { code }: Brick): Promise<BrickCost> {
  return withFreshPage(ground, 1, async (page) => {
    const { result, trace } = await traceDuring({ browser: ground.browser, page }, async () =>
      Number(
        await page.evaluate(`(async () => {
          const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
          const url = '${ground.collector.url}/';
          const body = new Uint8Array(1500).fill(65);
          const call = (n) => { ${code} };
          await rest(300);
          let firstUs;
          for (let n = 0; n < ${calls}; n += 1) {
            if (n === 1) performance.mark('bench:later');
            const startedAt = performance.now();
            call(n);
            firstUs ??= (performance.now() - startedAt) * 1000;
            await rest(60);
          }
          performance.mark('bench:end');
          return firstUs;
        })()`),
      ),
    );
    const tasks = toTasksBetween(trace, 'bench:later', 'bench:end');
    return { firstUs: result, laterTaskUs: tasks.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / (calls - 1) };
  });
}
