import type { LoadResult } from '../../load/fire.ts';
import { type Generator, openGenerator } from '../../load/open-generator.ts';
import { openBareServer } from '../../processes/open-bare-server.ts';
import { openRedis, type Redis } from '../../processes/open-redis.ts';
import { readProcessCost } from '../../processes/process-cost.ts';
import { openStandalone, type Standalone } from '../../processes/standalone.ts';
import type { Section, Target } from '../../report/section.ts';
import { toFixed, toMedian, toSpread } from '../../report/spread.ts';
import type { Effort, Measurement } from '../measurement.ts';
import { registerPlan } from './register-plan.ts';

/** As many as the other measurements of ingest use. */
const connections = 64;

/** One way in which a client may send, and how the server is set for it. */
interface Way {
  readonly name: string;
  readonly path: string;
  readonly eventsPerRequest: number;
  readonly form: 'own' | 'segment';
  readonly env: Readonly<Record<string, string>>;
  /** Gives the key that is sent with, after what the way needs was made. */
  readonly prepare: (standalone: Standalone) => Promise<string>;
}

interface Round {
  readonly px: LoadResult;
  readonly bare: LoadResult;
  readonly cpuSeconds: number;
}

/**
 * Single events and batches of 20 by each way in: our own API and Segment's, with a tracking plan that refuses, with rates
 * counted in Redis, by one server process, two and four. Each against a bare server that parses the same bytes.
 */
export const measureWays: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const bare = await openBareServer();
  const redis = await openRedis();
  try {
    const measured: { way: Way; rounds: Round[] }[] = [];
    for (const way of listWays(redis)) {
      const rounds = await measureWay(way, { effort, generator, bareUrl: bare.url });
      say(`${way.name}: ${toSpread(rounds.map(({ px }) => toRate(px)))} requests/s`);
      measured.push({ way, rounds });
    }
    return [toSection(measured)];
  } finally {
    await Promise.all([generator.close(), bare.close(), redis.close()]);
  }
};

function listWays(redis: Redis): Way[] {
  const own = {
    path: '/api/v1/events/batch',
    eventsPerRequest: 20,
    form: 'own',
    env: {},
    prepare: async (standalone: Standalone) => standalone.apiKey,
  } as const;
  const single = { ...own, path: '/api/v1/events', eventsPerRequest: 1 };
  // A rate that is counted and never reached.
  const limited = {
    env: { REDIS_URL: redis.url },
    prepare: (standalone: Standalone) =>
      standalone.makeKey({ kind: 'pub', name: 'limited', rate_per_minute: 10_000_000 }),
  };
  const planned = {
    prepare: async (standalone: Standalone) => {
      await registerPlan(standalone);
      return standalone.apiKey;
    },
  };
  return [
    { ...single, name: 'single events' },
    { ...single, ...limited, name: 'single events, rates in Redis' },
    { ...single, ...planned, name: 'single events, tracking plan' },
    { ...single, name: 'single events, 2 server processes', env: { WORKERS: '2' } },
    { ...single, name: 'single events, 4 server processes', env: { WORKERS: '4' } },
    { ...own, name: 'batches of 20' },
    { ...own, ...limited, name: 'batches of 20, rates in Redis' },
    { ...own, ...planned, name: 'batches of 20, tracking plan' },
    { ...own, name: "Segment's batch of 20", path: '/v1/batch', form: 'segment' },
    { ...own, name: 'batches of 20, 2 server processes', env: { WORKERS: '2' } },
    { ...own, name: 'batches of 20, 4 server processes', env: { WORKERS: '4' } },
  ];
}

async function measureWay(
  way: Way,
  { effort, generator, bareUrl }: { effort: Effort; generator: Generator; bareUrl: string },
): Promise<Round[]> {
  const standalone = await openStandalone({ env: way.env });
  try {
    const px = { url: standalone.url + way.path, apiKey: await way.prepare(standalone), connections };
    const bare = { ...px, url: bareUrl };
    const most = Math.min(effort.requestsPerRound, Math.floor(effort.eventsPerRound / way.eventsPerRequest));
    const plan = { eventsPerRequest: way.eventsPerRequest, isGzip: false, form: way.form };
    let sent = 0;
    async function round(requests: number): Promise<Round> {
      await generator.prepare({ ...plan, requests });
      const bareResult = await generator.fire(bare);
      const before = readProcessCost(standalone.pid).cpuSeconds;
      const result = await generator.fire(px);
      await standalone.drain();
      if (result.failures + bareResult.failures > 0) {
        throw new Error(`${way.name}: ${result.failures} requests failed, ${bareResult.failures} at the bare server.`);
      }
      sent += result.requests * way.eventsPerRequest;
      return { px: result, bare: bareResult, cpuSeconds: readProcessCost(standalone.pid).cpuSeconds - before };
    }
    const warm = await round(most);
    const requests = Math.min(most, Math.ceil(toRate(warm.px) * effort.secondsPerRound));
    const rounds: Round[] = [];
    for (let at = 0; at < effort.rounds; at += 1) rounds.push(await round(requests));
    const rows = await standalone.countRows();
    if (rows !== sent) throw new Error(`${way.name}: ${sent} events were accepted, but the store holds ${rows} rows.`);
    return rounds;
  } finally {
    await standalone.close();
  }
}

function toSection(measured: readonly { way: Way; rounds: readonly Round[] }[]): Section {
  return {
    title: 'Ways in',
    words:
      `Plain bodies over ${connections} keep-alive connections, each way on a standalone of its own, the processor at work; CPU is that of ` +
      'all its processes until the events were rows. The tracking plan has a schema in mode `reject` for each name that is sent, and all ' +
      'events pass. Limit: the bare server of the table above. Rates are min / median of the rounds, latencies medians in ms. After each ' +
      'way the rows were counted.',
    header: ['way', 'requests/s', 'events/s', 'p50', 'p99', 'bare requests/s', 'ratio', 'CPU µs an event'],
    rows: measured.map(({ way, rounds }) => {
      const rates = rounds.map(({ px }) => toRate(px));
      const bare = rounds.map((round) => toRate(round.bare));
      const events = (round: Round): number => round.px.requests * way.eventsPerRequest;
      return [
        way.name,
        toSpread(rates),
        toSpread(rates.map((rate) => rate * way.eventsPerRequest)),
        toFixed(toMedian(rounds.map(({ px }) => px.p50)), 1),
        toFixed(toMedian(rounds.map(({ px }) => px.p99)), 1),
        toSpread(bare),
        toSpread(
          rates.map((rate, at) => rate / (bare[at] ?? Number.NaN)),
          2,
        ),
        toSpread(rounds.map((round) => (round.cpuSeconds / events(round)) * 1e6)),
      ];
    }),
    targets: [
      toTarget(measured, 1, 'single-event requests/s, the best number of processes', 10_000),
      toTarget(measured, 20, 'events/s in batches of 20, the best number of processes', 60_000),
    ],
  };
}

function toTarget(
  measured: readonly { way: Way; rounds: readonly Round[] }[],
  eventsPerRequest: number,
  what: string,
  atLeast: number,
): Target {
  const plain = measured.filter(({ way }) => way.eventsPerRequest === eventsPerRequest && way.form === 'own');
  const best = Math.max(
    ...plain
      .filter(({ way }) => !/Redis|plan/.test(way.name))
      .map(({ rounds }) => toMedian(rounds.map(({ px }) => toRate(px))) * eventsPerRequest),
  );
  return { what, atLeast: toFixed(atLeast), measured: toFixed(best), isMet: best >= atLeast };
}

function toRate(result: LoadResult): number {
  return result.requests / result.seconds;
}
