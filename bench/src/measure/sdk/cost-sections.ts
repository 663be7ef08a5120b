import type { Contestant } from '../../contestants/contestant.ts';
import { emptyPage, px } from '../../contestants/contestants.ts';
import { readInstalledPeer } from '../../contestants/install-peers.ts';
import { toPercentile } from '../../load/fire.ts';
import type { Section, Target } from '../../report/section.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { PageCost } from './page-cost.ts';

/** What the SDK may cost a page at most. */
const limits = {
  trackUs: 50,
  trackP99Us: 1_000,
  taskUsPerEvent: 250,
  initMs: 5,
  slowTaskMs: 16,
  bytesPerEvent: 90,
} as const;

/** All pages of one contestant, by how slow they were made. */
export interface Costs {
  readonly contestant: Contestant;
  readonly at: Readonly<Record<1 | 4, PageCost[]>>;
}

/** Writes the tables, and judges the SDK's own figures. Throws where it or the empty page is missing. */
export function toCostSections(costs: readonly Costs[], version: string, pages: number): Section[] {
  const empty = costs.find(({ contestant }) => contestant === emptyPage);
  const own = costs.find(({ contestant }) => contestant === px);
  if (empty === undefined || own === undefined) throw new Error('The SDK or the empty page was not measured.');
  const others = costs.filter(({ contestant }) => contestant !== emptyPage);
  const median = (of: (cost: PageCost) => number, from: readonly PageCost[]): number => toMedian(from.map(of));
  const spread = (of: (cost: PageCost) => number, from: readonly PageCost[], digits = 0): string => {
    const values = from.map(of);
    const [least, middle, most] = [Math.min(...values), toMedian(values), Math.max(...values)];
    return `${toFixed(middle, digits)} (${toFixed(least, digits)} to ${toFixed(most, digits)})`;
  };
  const emptyUs = { 1: median(({ taskUs }) => taskUs, empty.at[1]), 4: median(({ taskUs }) => taskUs, empty.at[4]) };
  const toTrack = (from: readonly PageCost[]): Float64Array =>
    Float64Array.from(from.flatMap(({ trackUs }) => trackUs)).toSorted();
  return [
    {
      title: 'What an SDK costs the main thread',
      words:
        `Chromium ${version}, ${pages} fresh profiles each, in turn; one script of each SDK (esbuild, minified), 200 events of three ` +
        'small properties in bursts of 10 every 40 ms, then its flush, until the collector on another origin of this ' +
        'machine had them all and nothing came for 0.7 s. Medians, and in brackets the least and the most of the pages. ' +
        '*track()*: µs until the call returns, of all calls of all pages, first ones included, by a clock of 5 µs. ' +
        `*Task µs an event*: the browser's own tracing, all tasks of the page's main thread (\`RunTask\`), less those of the same loop in the empty page (${toFixed(emptyUs[1])} µs, at 4x ${toFixed(emptyUs[4])}); ` +
        '*on the CPU*: the same without what the thread waited for. *4x*: with the CPU throttled by four.',
      header: [
        'SDK',
        'track() p50',
        'p99',
        'most',
        'task µs an event',
        'on the CPU',
        'task µs an event, 4x',
        'arrived',
      ],
      rows: [empty, ...others].map(({ contestant, at }) => {
        const track = toTrack(at[1]);
        const isEmpty = contestant === emptyPage;
        const less = (slowdown: 1 | 4) => (isEmpty ? 0 : emptyUs[slowdown]);
        return [
          toTitle(contestant),
          toFixed(toPercentile(track, 0.5)),
          toFixed(toPercentile(track, 0.99)),
          toFixed(track.at(-1) ?? Number.NaN),
          spread(({ taskUs }) => taskUs - less(1), at[1]),
          toFixed(
            median(({ taskCpuUs }) => taskCpuUs, at[1]) -
              (isEmpty ? 0 : median(({ taskCpuUs }) => taskCpuUs, empty.at[1])),
          ),
          spread(({ taskUs }) => taskUs - less(4), at[4]),
          isEmpty ? '' : toFixed(median(({ arrived }) => arrived, at[1])),
        ];
      }),
      targets: toTargets(own, emptyUs[1], toTrack(own.at[1])),
    },
    {
      title: 'What an SDK costs at its start, at once and on the line',
      words:
        '*Start*: ms of the script’s evaluation with the call of `init` in it, as traced. *Longest task*: of the start, and from ' +
        'the first call on, at 4x. *Bytes*: of the bodies as sent, without headers, for 200 events and what the SDK adds ' +
        'by itself, divided by 200. *Preflights*: requests that the browser sent first to ask for leave.',
      header: [
        'SDK',
        'start ms',
        'start ms, 4x',
        'longest task ms, 4x: start',
        'longest task ms, 4x: after',
        'bytes an event',
        'requests',
        'preflights',
      ],
      rows: [empty, ...others].map(({ contestant, at }) => [
        toTitle(contestant),
        spread(({ initMs }) => initMs, at[1], 1),
        spread(({ initMs }) => initMs, at[4], 1),
        spread(({ longestStartMs }) => longestStartMs, at[4], 1),
        spread(({ longestLoopMs }) => longestLoopMs, at[4], 1),
        toFixed(median(({ bytesPerEvent }) => bytesPerEvent, at[1])),
        toFixed(median(({ requests }) => requests, at[1])),
        toFixed(Math.max(...at[1].map(({ preflights }) => preflights))),
      ]),
      targets: [],
    },
    {
      title: 'The SDKs, and what of their defaults was changed',
      words: 'As `bench/peers/package-lock.json` pins them.',
      header: ['SDK', 'version', 'licence', 'changed'],
      rows: others.map(({ contestant }) => {
        const installed = contestant.packageName === null ? null : readInstalledPeer(contestant.packageName);
        return [toTitle(contestant), installed?.version ?? '', installed?.licence ?? 'MIT', contestant.remark];
      }),
      targets: [],
    },
  ];

  function toTargets({ at }: Costs, emptyTaskUs: number, track: Float64Array): Target[] {
    const p50 = toPercentile(track, 0.5);
    const p99 = toPercentile(track, 0.99);
    const taskUs = median((cost) => cost.taskUs, at[1]) - emptyTaskUs;
    const initMs = median((cost) => cost.initMs, at[1]);
    const longestMs = median((cost) => Math.max(cost.longestStartMs, cost.longestLoopMs), at[4]);
    const bytes = median((cost) => cost.bytesPerEvent, at[1]);
    const preflights = Math.max(...[...at[1], ...at[4]].map((cost) => cost.preflights));
    const below = (what: string, measured: number, limit: number, unit: string, digits = 0): Target => ({
      what,
      atLeast: `<= ${toFixed(limit)} ${unit}`.trim(),
      measured: `${toFixed(measured, digits)} ${unit}`.trim(),
      isMet: measured <= limit,
    });
    return [
      below('track() until it returns, median', p50, limits.trackUs, 'µs'),
      below('track() until it returns, p99', p99, limits.trackP99Us, 'µs'),
      below('main-thread tasks an event, in all', taskUs, limits.taskUsPerEvent, 'µs'),
      below('script and init', initMs, limits.initMs, 'ms', 1),
      below('longest task at 4x', longestMs, limits.slowTaskMs, 'ms', 1),
      below('bytes an event, tracked', bytes, limits.bytesPerEvent, 'bytes'),
      below('preflights', preflights, 0, ''),
    ];
  }
}

function toTitle({ name, packageName }: Contestant): string {
  return packageName === null ? name : `${name} (${packageName})`;
}
