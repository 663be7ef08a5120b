import type { Contestant } from '../contestants/contestant.ts';
import { emptyPage } from '../contestants/contestants.ts';
import type { Arrived } from './collector.ts';
import { withFreshPage } from './fresh-page.ts';
import type { Ground } from './open-ground.ts';
import { type Trace, traceDuring } from './trace.ts';

/** How one page is driven. */
export interface Drive {
  /** How many times slower than the machine the page's CPU is made; 1 leaves it. */
  readonly slowdown: number;
  /** Tasks that call `track`, one each `everyMs`. */
  readonly bursts: number;
  readonly callsPerBurst: number;
  readonly everyMs: number;
}

/** What one fresh page told. */
export interface DriveResult {
  readonly trace: Trace;
  readonly arrived: Arrived;
  /** URL of the contestant's script. */
  readonly scriptUrl: string;
  /** ms that the call of `init` took until it returned. */
  readonly initMs: number;
  /** µs of each call of `track` until it returned, in order. */
  readonly callUs: readonly number[];
}

/** What the page needs between its steps: to end what its load or the SDK's start left over. */
const restMs = 800;
const leastSettleMs = 1_500;
const quietMs = 700;
const longestSettleMs = 20_000;

/** Loads a contestant into a fresh page, calls `track` in bursts, flushes, and waits until all arrived and it is quiet. */
export function drive(ground: Ground, contestant: Contestant, script: string, plan: Drive): Promise<DriveResult> {
  const path = `/bundle-of-${contestant.name.replace(/\W/g, '-')}.js`;
  ground.site.serve(path, script);
  const arrived = ground.collector.begin(contestant.toAnswer);
  return withFreshPage(ground, plan.slowdown, async (page) => {
    const { result, trace } = await traceDuring({ browser: ground.browser, page }, async () => {
      const told: unknown = await page.evaluate(toPageLoop(path, plan));
      await settle(arrived, contestant === emptyPage ? 0 : plan.bursts * plan.callsPerBurst);
      await page.evaluate("performance.mark('bench:end')");
      return parseTold(told);
    });
    return { ...result, trace, arrived, scriptUrl: ground.site.url + path };
  });
}

/** The page does all by itself from load to flush, so that nobody's messages run between its tasks. */
function toPageLoop(path: string, { bursts, callsPerBurst, everyMs }: Drive): string {
  return `(async () => {
    const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const callUs = [];
    await rest(${restMs});
    performance.mark('bench:load');
    await new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = '${path}';
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    await rest(${restMs});
    const { track, flush, initMs } = globalThis.bench;
    performance.mark('bench:loop');
    for (let burst = 0; burst < ${bursts}; burst += 1) {
      for (let call = 0; call < ${callsPerBurst}; call += 1) {
        const properties = { sku: 'tea-' + burst + '-' + call, price: 12.5, list: 'seasonal' };
        const startedAt = performance.now();
        track('product_added', properties);
        callUs.push((performance.now() - startedAt) * 1000);
      }
      await rest(${everyMs});
    }
    flush();
    return { callUs, initMs };
  })()`;
}

/** Waits until `events` arrived and nothing has come for a while. Gives up without an error: what is missing is told. */
async function settle(arrived: Arrived, events: number): Promise<void> {
  const startedAt = performance.now();
  let requests = -1;
  let changedAt = startedAt;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = performance.now();
    if (arrived.requests !== requests) {
      requests = arrived.requests;
      changedAt = now;
    }
    const isDone = arrived.marks.size >= events && now - changedAt >= quietMs && now - startedAt >= leastSettleMs;
    if (isDone || now - startedAt > longestSettleMs) return;
  }
}

function parseTold(told: unknown): { callUs: number[]; initMs: number } {
  if (typeof told === 'object' && told !== null && 'callUs' in told && 'initMs' in told) {
    return { callUs: told.callUs as number[], initMs: Number(told.initMs) };
  }
  throw new TypeError('The page told nothing of its loop.');
}
