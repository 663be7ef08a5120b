import type { Aim, LoadResult } from '../load/fire.ts';
import { type Generator, openGenerator } from '../load/open-generator.ts';
import { openBareServer } from '../processes/open-bare-server.ts';
import { openStandalone, type Standalone } from '../processes/standalone.ts';
import type { Section, Target } from '../report/section.ts';
import { toFixed, toMedian, toSpread } from '../report/spread.ts';
import type { Effort, Measurement } from './measurement.ts';

/**
 * Group commit shares one fsync among what is in flight: with a few connections the disk's latency is measured
 * and not the server; more than this only stand in line, and lengthen every answer.
 */
const connections = 48;

interface Case {
  readonly eventsPerRequest: number;
  readonly isGzip: boolean;
}

interface Round {
  readonly px: LoadResult;
  readonly bare: LoadResult;
}

const cases: readonly Case[] = [1, 10, 50].flatMap((eventsPerRequest) => [
  { eventsPerRequest, isGzip: false },
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
    let sent = 0;
    for (const one of cases) {
      const route = one.eventsPerRequest === 1 ? '/api/v1/events' : '/api/v1/events/batch';
      const px: Aim = { url: standalone.url + route, apiKey: standalone.apiKey, connections };
      const aims = { px, bare: { ...px, url: bare.url } };
      const rounds: Round[] = [];
      sent += await warmUp(generator, standalone, { one, aims, effort });
      for (let round = 0; round < effort.rounds; round += 1) {
        await generator.prepare({ ...one, requests: toRequests(one, effort) });
        const result = { bare: await generator.fire(aims.bare), px: await generator.fire(aims.px) };
        await standalone.drain();
        refuseFailures(result);
        sent += result.px.requests * one.eventsPerRequest;
        rounds.push(result);
      }
      await reconcile(standalone, sent);
      measured.push({ one, rounds });
      say(`${toLabel(one)}: ${toSpread(rounds.map(({ px }) => px.requests / px.seconds))} requests/s`);
    }
    return [toSection(measured, sent)];
  } finally {
    await Promise.all([generator.close(), bare.close(), standalone.close()]);
  }
};

function toRequests({ eventsPerRequest }: Case, effort: Effort): number {
  return Math.min(effort.requestsPerRound, Math.floor(effort.eventsPerRound / eventsPerRequest));
}

/** A round that counts for nothing, so that both servers are compiled for the case. Gives the events sent. */
async function warmUp(
  generator: Generator,
  standalone: Standalone,
  { one, aims, effort }: { one: Case; aims: { px: Aim; bare: Aim }; effort: Effort },
): Promise<number> {
  const { events } = await generator.prepare({ ...one, requests: Math.ceil(toRequests(one, effort) / 4) });
  refuseFailures({ bare: await generator.fire(aims.bare), px: await generator.fire(aims.px) });
  await standalone.drain();
  return events;
}

function refuseFailures({ px, bare }: Round): void {
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

function toSection(measured: readonly { one: Case; rounds: readonly Round[] }[], sent: number): Section {
  return {
    title: 'Durable ingest',
    words:
      `From the request to its 202, after fsync, over ${connections} keep-alive connections. Limit: a bare \`node:http\` ` +
      'server that reads, inflates and JSON-parses the same bytes. Rates are min / median of the rounds, latencies ' +
      `medians in ms. Afterwards the store held exactly the ${toFixed(sent)} events that were accepted.`,
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
