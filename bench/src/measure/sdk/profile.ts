import { join } from 'node:path';
import type { CDPSession } from 'playwright-core';
import { readSdkDist } from '../../config.ts';
import { px } from '../../contestants/contestants.ts';
import { withFreshPage } from '../../page/fresh-page.ts';
import { openGround } from '../../page/open-ground.ts';
import { serveSdk } from '../../page/serve-sdk.ts';
import { readSourceMap } from '../../profile/source-places.ts';
import { type PageFunctionTime, type PageProfile, sumPageProfiles } from '../../profile/sum-page-profile.ts';
import type { Section } from '../../report/section.ts';
import { toFixed } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';

const samplingUs = 100;
const topFunctions = 25;
const bursts = 20;
const callsPerBurst = 10;

/** Where the SDK's own main-thread time goes: at its start, and in 200 tracked events until they are sent. */
export const profileSdk: Measurement = async (effort, say) => {
  const dist = readSdkDist();
  const ground = await openGround();
  const starts: PageProfile[] = [];
  const loops: PageProfile[] = [];
  try {
    serveSdk(ground.site, dist);
    const pages = effort.pages * 2;
    for (let page = 0; page < pages; page += 1) {
      ground.collector.begin(px.toAnswer);
      await withFreshPage(ground, 1, async (fresh, cdp) => {
        await cdp.send('Profiler.enable');
        await cdp.send('Profiler.setSamplingInterval', { interval: samplingUs });
        const run = (code: string): Promise<unknown> => fresh.evaluate(`(async () => { ${code} })()`);
        await run(rest);
        starts.push(await profile(cdp, () => run(toStart(ground.collector.url) + rest)));
        loops.push(await profile(cdp, () => run(loop + rest)));
      });
    }
    const script = { url: `${ground.site.url}/px.js`, findPlace: readSourceMap(join(dist, 'px.js')) };
    const started = sumPageProfiles(starts, script);
    const looped = sumPageProfiles(loops, script);
    say(`${toFixed(toSdkUs(looped) / (pages * bursts * callsPerBurst))} µs an event in the SDK`);
    return [
      ...toSections(looped, {
        title: '200 tracked events',
        unit: 'µs an event',
        count: pages * bursts * callsPerBurst,
      }),
      ...toSections(started, { title: 'start', unit: 'µs a page', count: pages }),
    ];
  } finally {
    await ground.close();
  }
};

const rest = 'await new Promise((resolve) => setTimeout(resolve, 700));';

function toStart(collector: string): string {
  return `await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/px.js';
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  PX.init({ apiKey: 'px_pub_live_0123456789abcdefghijklmnopqrstAbCdEf', projectId: 'bench', endpoint: '${collector}' });`;
}

const loop = `for (let burst = 0; burst < ${bursts}; burst += 1) {
  for (let call = 0; call < ${callsPerBurst}; call += 1) {
    PX.track('product_added', { sku: 'tea-' + burst + '-' + call, price: 12.5, list: 'seasonal' });
  }
  await new Promise((resolve) => setTimeout(resolve, 40));
}
await PX.flush();`;

async function profile(cdp: CDPSession, run: () => Promise<unknown>): Promise<PageProfile> {
  await cdp.send('Profiler.start');
  await run();
  return (await cdp.send('Profiler.stop')).profile;
}

function toSdkUs(times: readonly PageFunctionTime[]): number {
  return times.filter(({ line }) => line > 0).reduce((sum, { selfUs }) => sum + selfUs, 0);
}

function toSections(
  times: readonly PageFunctionTime[],
  { title, unit, count }: { title: string; unit: string; count: number },
): Section[] {
  const sdkUs = toSdkUs(times);
  const files = new Map<string, number>();
  for (const { file, line, selfUs } of times) {
    if (line > 0) files.set(file, (files.get(file) ?? 0) + selfUs);
  }
  const toCells = (us: number): string[] => [`${toFixed((us / sdkUs) * 100, 1)} %`, toFixed(us / count, 1)];
  const toPlace = ({ file, line, text }: PageFunctionTime): string[] => [`${file}:${line}`, `\`${text}\``];
  const own = times.filter(({ line }) => line > 0);
  return [
    {
      title: `By file: ${title}`,
      words: `Self time with the browser's functions that were called, every ${samplingUs} µs a sample: ${toFixed(sdkUs / count, 1)} ${unit}.`,
      header: ['file', 'share', unit],
      rows: [...files].sort(([, a], [, b]) => b - a).map(([file, us]) => [file, ...toCells(us)]),
      targets: [],
    },
    {
      title: `By function, self: ${title}`,
      words: 'What is minified into one function stands under the line where that function begins.',
      header: ['where', 'line', 'share', unit],
      rows: own.slice(0, topFunctions).map((time) => [...toPlace(time), ...toCells(time.selfUs)]),
      targets: [],
    },
    {
      title: `By function, total: ${title}`,
      words: 'With all that was called.',
      header: ['where', 'line', 'share', unit],
      rows: own
        .toSorted((a, b) => b.totalUs - a.totalUs)
        .slice(0, topFunctions)
        .map((time) => [...toPlace(time), ...toCells(time.totalUs)]),
      targets: [],
    },
    {
      title: `By the browser's function: ${title}`,
      words: 'A part of the above, by the function that was called; below, what ran outside the SDK.',
      header: ['function', 'share', unit],
      rows: times
        .filter(({ file, line, selfUs }) => line === 0 && file !== '(idle)' && selfUs / count >= 0.05)
        .map(({ file, text, selfUs }) => [
          file === 'called natively' ? `\`${text}\`` : `outside: ${file} ${text}`,
          ...toCells(selfUs),
        ]),
      targets: [],
    },
  ];
}
