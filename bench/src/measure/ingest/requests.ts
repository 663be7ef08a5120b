import { type Aim, type LoadResult, toPercentile } from '../../load/fire.ts';
import { type Generator, openGenerator } from '../../load/open-generator.ts';
import { measureFsync } from '../../processes/measure-fsync.ts';
import { openBareServer } from '../../processes/open-bare-server.ts';
import { readProcessCost } from '../../processes/process-cost.ts';
import { openStandalone, type Standalone } from '../../processes/standalone.ts';
import type { Section, Target } from '../../report/section.ts';
import { toFixed, toMedian, toSpread } from '../../report/spread.ts';
import type { Effort, Measurement } from '../measurement.ts';

/**
 * Group commit shares one fsync among what is in flight: with a few connections the disk's latency is measured
 * and not the server; more than this only stand in line, and lengthen every answer.
 */
const connections = 64;

const fsyncsPerCase = 50;

interface Case {
  readonly eventsPerRequest: number;
  readonly isGzip: boolean;
}

interface Round {
  readonly px: LoadResult;
  readonly bare: LoadResult;
  /** CPU seconds of each process; of ours until all was stored. */
  readonly pxCpuSeconds: number;
  readonly bareCpuSeconds: number;
}

const cases: readonly Case[] = [1, 10, 50].flatMap((eventsPerRequest) => [
  { eventsPerRequest, isGzip: false, form: 'own' },
  { eventsPerRequest, isGzip: true },
]);

/**
 * Requests and events a second that are answered 202, durable, against a bare server that reads, inflates and
 * parses the same bytes. The processor runs all the while, in the same process; between rounds it catches up.
 */
export const measureIngest: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const standalone = await openStandalone();
  const bare = await openBareServer();
  try {
    const measured: { readonly one: Case; readonly rounds: readonly Round[] }[] = [];
    const fsyncMs: number[] = [];
    let sent = 0;
    for (const one of cases) {
      const route = one.eventsPerRequest === 1 ? '/api/v1/events' : '/api/v1/events/batch';
      const px: Aim = { url: standalone.url + route, apiKey: standalone.apiKey, connections };
      const aims = { px, bare: { ...px, url: bare.url } };
      const rounds: Round[] = [];
      const warm = await warmUp(generator, standalone, { one, aims, effort });
      sent += warm.requests * one.eventsPerRequest;
      const requests = Math.min(toRequests(one, effort), Math.ceil(toRate(warm) * effort.secondsPerRound));
      for (let round = 0; round < effort.rounds; round += 1) {
        await generator.prepare({ ...one, form: 'own', requests });
        const before = { px: readProcessCost(standalone.pid), bare: readProcessCost(bare.pid) };
        const result = { bare: await generator.fire(aims.bare), px: await generator.fire(aims.px) };
        await standalone.drain();
        refuseFailures(result);
        sent += result.px.requests * one.eventsPerRequest;
        rounds.push({
          ...result,
          pxCpuSeconds: readProcessCost(standalone.pid).cpuSeconds - before.px.cpuSeconds,
          bareCpuSeconds: readProcessCost(bare.pid).cpuSeconds - before.bare.cpuSeconds,
        });
      }
      fsyncMs.push(...measureFsync(standalone.folder, fsyncsPerCase));
      await reconcile(standalone, sent);
      measured.push({ one, rounds });
      say(`${toLabel(one)}: ${toSpread(rounds.map(({ px }) => px.requests / px.seconds))} requests/s`);
    }
    return [toSection({ measured, sent, fsyncMs })];
  } finally {
    await Promise.all([generator.close(), bare.close(), standalone.close()]);
  }
};

function toRequests({ eventsPerRequest }: Case, effort: Effort): number {
  return Math.min(effort.requestsPerRound, Math.floor(effort.eventsPerRound / eventsPerRequest));
}

/** A round that counts for nothing, so that both servers are compiled for the case. */
async function warmUp(
  generator: Generator,
  standalone: Standalone,
  { one, aims, effort }: { one: Case; aims: { px: Aim; bare: Aim }; effort: Effort },
): Promise<LoadResult> {
  await generator.prepare({ ...one, form: 'own', requests: toRequests(one, effort) });
  const result = { bare: await generator.fire(aims.bare), px: await generator.fire(aims.px) };
  refuseFailures(result);
  await standalone.drain();
  return result.px;
}

function refuseFailures({ px, bare }: Pick<Round, 'px' | 'bare'>): void {
  if (px.failures + bare.failures === 0) return;
  throw new Error(`${px.failures} requests failed, and ${bare.failures} at the bare server: nothing was measured.`);
}

async function reconcile(standalone: Standalone, sent: number): Promise<void> {
  const rows = await standalone.countRows();
  if (rows !== sent) throw new Error(`${sent} events got a 202, but the store holds ${rows} rows.`);
}

function toLabel({ eventsPerRequest, isGzip }: Case): string {
  return `${eventsPerRequest} ${isGzip ? 'gzip' : 'plain'}`;
}

interface Measured {
  readonly measured: readonly { readonly one: Case; readonly rounds: readonly Round[] }[];
  readonly sent: number;
  readonly fsyncMs: readonly number[];
}

function toSection({ measured, sent, fsyncMs }: Measured): Section {
  const sorted = fsyncMs.toSorted((a, b) => a - b);
  const [p50, p95] = [toPercentile(sorted, 0.5), toPercentile(sorted, 0.95)];
  return {
    title: 'Durable ingest',
    words:
      `From the request to its 202, after fsync, over ${connections} keep-alive connections. Limit: a bare \`node:http\` ` +
      'server that reads, inflates and JSON-parses the same bytes, and for the latencies the disk: between the cases a ' +
      `write of 4 KiB took ${toFixed(p50, 2)} ms (p50) and ${toFixed(p95, 2)} ms (p95) until it was synced. ` +
      'Rates are min / median of the rounds, latencies ' +
      `medians in ms; CPU is that of the whole process, here until the events were rows. Afterwards the store held exactly the ${toFixed(sent)} events that were accepted.`,
    header: [
      'events a request',
      'gzip',
      'requests/s',
      'events/s',
      'p50',
      'p95',
      'p99',
      'bare requests/s',
      'bare p50',
      'bare p95',
      'bare p99',
      'ratio',
      'CPU µs a request',
      'bare CPU µs',
    ],
    rows: measured.map(({ one, rounds }) => {
      const px = rounds.map((round) => toRate(round.px));
      const bare = rounds.map((round) => toRate(round.bare));
      return [
        String(one.eventsPerRequest),
        one.isGzip ? 'on' : 'off',
        toSpread(px),
        toSpread(px.map((rate) => rate * one.eventsPerRequest)),
        ...(['p50', 'p95', 'p99'] as const).map((key) => toFixed(toMedian(rounds.map(({ px: r }) => r[key])), 1)),
        toSpread(bare),
        ...(['p50', 'p95', 'p99'] as const).map((key) => toFixed(toMedian(rounds.map(({ bare: r }) => r[key])), 1)),
        toSpread(
          px.map((rate, round) => rate / (bare[round] ?? Number.NaN)),
          2,
        ),
        toSpread(rounds.map((round) => (round.pxCpuSeconds / round.px.requests) * 1e6)),
        toSpread(rounds.map((round) => (round.bareCpuSeconds / round.bare.requests) * 1e6)),
      ];
    }),
    targets: measured.flatMap(({ one, rounds }) => toTargets(one, rounds)),
  };
}

function toTargets(one: Case, rounds: readonly Round[]): Target[] {
  const rate = toMedian(rounds.map(({ px }) => toRate(px)));
  const gzip = one.isGzip ? 'gzip' : 'plain';
  if (one.eventsPerRequest === 50) {
    const events = rate * 50;
    return [toTarget(`events/s in batches of 50, ${gzip}`, '30,000', toFixed(events), events >= 30_000)];
  }
  if (one.eventsPerRequest !== 1) return [];
  const p95 = toMedian(rounds.map(({ px }) => px.p95));
  const p99 = toMedian(rounds.map(({ px }) => px.p99));
  return [
    toTarget(`single-event requests/s, ${gzip}`, '5,000', toFixed(rate), rate >= 5_000),
    toTarget(`their p95, ${gzip}`, '< 50 ms', `${toFixed(p95, 1)} ms`, p95 < 50),
    toTarget(`their p99, ${gzip}`, '< 200 ms', `${toFixed(p99, 1)} ms`, p99 < 200),
  ];
}

function toTarget(what: string, atLeast: string, measured: string, isMet: boolean): Target {
  return { what, atLeast, measured, isMet };
}

function toRate(result: LoadResult): number {
  return result.requests / result.seconds;
}
