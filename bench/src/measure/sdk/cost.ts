import { readSdkDist } from '../../config.ts';
import { bundle, toPageCode } from '../../contestants/bundle.ts';
import type { Contestant } from '../../contestants/contestant.ts';
import { emptyPage, peers, px } from '../../contestants/contestants.ts';
import { installPeers } from '../../contestants/install-peers.ts';
import { drive } from '../../page/drive.ts';
import { openGround } from '../../page/open-ground.ts';
import { serveSdk } from '../../page/serve-sdk.ts';
import type { Section } from '../../report/section.ts';
import type { Effort, Measurement } from '../measurement.ts';
import { type Costs, toCostSections } from './cost-sections.ts';
import { toPageCost } from './page-cost.ts';

const plan = { bursts: 20, callsPerBurst: 10, everyMs: 40 } as const;
const events = plan.bursts * plan.callsPerBurst;
/** What an SDK costs a page's main thread and its line, beside an empty page and other SDKs in the same run. */
export const measureSdkCost: Measurement = async (effort, say) => {
  installPeers(say);
  return measureCost([emptyPage, px, ...peers], effort, say);
};

/** The same without the others, in a minute or two: for who works on the SDK. */
export const measureSdkAlone: Measurement = (effort, say) => measureCost([emptyPage, px], effort, say);

async function measureCost(
  contestants: readonly Contestant[],
  { pages }: Effort,
  say: (line: string) => void,
): Promise<Section[]> {
  const ground = await openGround();
  try {
    const place = { dist: readSdkDist(), collector: ground.collector.url };
    serveSdk(ground.site, place.dist);
    const scripts = await Promise.all(contestants.map((contestant) => bundle(toPageCode(contestant, place))));
    const costs = contestants.map((contestant): Costs => ({ contestant, at: { 1: [], 4: [] } }));
    // One page of each in turn, so that what else the machine does at a time falls on all alike.
    for (let round = 0; round < pages; round += 1) {
      for (const slowdown of [1, 4] as const) {
        for (const [index, { contestant, at }] of costs.entries()) {
          at[slowdown].push(
            toPageCost(await drive(ground, contestant, scripts[index] ?? '', { ...plan, slowdown }), events),
          );
        }
      }
      say(`round ${round + 1} of ${pages}: ${costs.length * 2} pages`);
    }
    return toCostSections(costs, ground.browser.version(), pages);
  } finally {
    await ground.close();
  }
}
