import type { Aim, LoadResult } from '../../load/fire.ts';
import { type Generator, openGenerator } from '../../load/open-generator.ts';
import { type KafkaStack, openKafkaStack } from '../../processes/kafka-stack.ts';
import { readProcessCost } from '../../processes/process-cost.ts';
import { openStandalone, type Standalone } from '../../processes/standalone.ts';
import type { Section } from '../../report/section.ts';
import { toFixed, toMedian, toSpread } from '../../report/spread.ts';
import type { Effort, Measurement } from '../measurement.ts';

/** As many as the other measurements of ingest use. */
const connections = 64;
const leastEventsPerSecond = 40_000;
const cases = [
  { path: '/api/v1/events', eventsPerRequest: 1 },
  { path: '/api/v1/events/batch', eventsPerRequest: 20 },
] as const;
type Case = (typeof cases)[number];

/** Who takes the events: both servers by turns, and the one on Kafka once more while a processor reads along. */
const sides = ['embedded', 'Kafka', 'Kafka, processor at work'] as const;
type Side = (typeof sides)[number];

interface Round {
  readonly result: LoadResult;
  /** Of the server's processes, until the last answer. */
  readonly cpuSeconds: number;
}

/** Single events and batches of 20 by a server that writes to Kafka, acknowledged by all in-sync replicas, beside the standalone and its LMDB log. */
export const measureKafkaIngest: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const standalone = await openStandalone();
  const stack = await openKafkaStack({ processors: 1 });
  try {
    const measured: { readonly one: Case; readonly side: Side; readonly rounds: readonly Round[] }[] = [];
    let sent = { embedded: 0, kafka: 0 };
    const servers = { standalone, stack, generator, effort, count };
    function count(side: Side, events: number): void {
      if (side === 'embedded') sent = { ...sent, embedded: sent.embedded + events };
      else sent = { ...sent, kafka: sent.kafka + events };
    }
    const add = async (one: Case, wanted: readonly Side[]): Promise<void> => {
      for (const [side, rounds] of await measureCase(servers, one, wanted)) {
        say(`${side}, ${one.eventsPerRequest} a request: ${toSpread(rounds.map(toRate))} requests/s`);
        measured.push({ one, side, rounds });
      }
    };
    const [processor] = stack.processors;
    await processor?.stop();
    for (const one of cases) await add(one, ['embedded', 'Kafka']);
    await processor?.start();
    await stack.drain();
    for (const one of cases) await add(one, ['Kafka, processor at work']);
    await Promise.all([stack.drain(), standalone.drain()]);
    const rows = { embedded: await standalone.countRows(), kafka: await stack.countRows() };
    if (rows.embedded !== sent.embedded || rows.kafka !== sent.kafka) {
      throw new Error(`Accepted were ${JSON.stringify(sent)} events, the stores hold ${JSON.stringify(rows)} rows.`);
    }
    return [toSection(measured)];
  } finally {
    await Promise.all([generator.close(), standalone.close(), stack.close()]);
  }
};

/** One round that counts for nothing, then the others, by turns. */
async function measureCase(
  servers: {
    readonly standalone: Standalone;
    readonly stack: KafkaStack;
    readonly generator: Generator;
    readonly effort: Effort;
    readonly count: (side: Side, events: number) => void;
  },
  { path, eventsPerRequest }: Case,
  wanted: readonly Side[],
): Promise<ReadonlyMap<Side, Round[]>> {
  const { standalone, stack, generator, effort, count } = servers;
  const most = Math.min(effort.requestsPerRound, Math.floor(effort.eventsPerRound / eventsPerRequest));
  const plan = { eventsPerRequest, isGzip: false, form: 'own' } as const;
  const toAim = ({ url, apiKey }: { url: string; apiKey: string }): Aim => ({ url: url + path, apiKey, connections });

  async function round(side: Side, requests: number): Promise<Round> {
    await generator.prepare({ ...plan, requests });
    const pid = side === 'embedded' ? standalone.pid : stack.server.pid();
    const before = readProcessCost(pid).cpuSeconds;
    const result = await generator.fire(toAim(side === 'embedded' ? standalone : stack));
    const cpuSeconds = readProcessCost(pid).cpuSeconds - before;
    if (result.failures > 0) throw new Error(`${side}: ${result.failures} requests were not answered 202.`);
    count(side, result.requests * eventsPerRequest);
    if (side === 'embedded') await standalone.drain();
    if (side === 'Kafka, processor at work') await stack.drain();
    return { result, cpuSeconds };
  }

  const requests = new Map<Side, number>();
  for (const side of wanted) {
    const rate = toRate(await round(side, most));
    requests.set(side, Math.min(most, Math.ceil(rate * effort.secondsPerRound)));
  }
  const rounds = new Map<Side, Round[]>(wanted.map((side) => [side, []]));
  for (let at = 0; at < effort.rounds; at += 1) {
    for (const side of wanted) rounds.get(side)?.push(await round(side, requests.get(side) ?? most));
  }
  return rounds;
}

function toSection(
  measured: readonly { readonly one: Case; readonly side: Side; readonly rounds: readonly Round[] }[],
): Section {
  const embeddedOf = (one: Case): number =>
    toMedian(measured.find((other) => other.one === one && other.side === 'embedded')?.rounds.map(toRate) ?? []);
  const best = toMedian(
    measured
      .filter(({ one, side }) => one.eventsPerRequest > 1 && side === 'Kafka')
      .flatMap(({ one, rounds }) => rounds.map((round) => toRate(round) * one.eventsPerRequest)),
  );
  return {
    title: 'Ingest into Kafka',
    words:
      `From the request to its 202 over ${connections} keep-alive connections, plain bodies: a server of its own (\`server/src/main.ts\`) that writes to one broker of Kafka with ` +
      '`acks=all`, which answers from its page cache, and beside it, by turns, the standalone, which answers after fsync and whose processor is at work. *Processor at ' +
      'work*: a processor and the engine behind HTTP take the events of the same topic meanwhile. All of it shares the cores. Rates are min / median of the rounds, latencies ' +
      'medians in ms; CPU is that of the server, of the standalone with its processor and engine. Limit: the standalone. Afterwards both stores held exactly the events that were accepted.',
    header: ['events a request', 'log', 'requests/s', 'events/s', 'p50', 'p99', 'of the embedded', 'CPU µs an event'],
    rows: measured.map(({ one, side, rounds }) => {
      const rates = rounds.map(toRate);
      return [
        String(one.eventsPerRequest),
        side,
        toSpread(rates),
        toSpread(rates.map((rate) => rate * one.eventsPerRequest)),
        toFixed(toMedian(rounds.map(({ result }) => result.p50)), 1),
        toFixed(toMedian(rounds.map(({ result }) => result.p99)), 1),
        toFixed(toMedian(rates) / embeddedOf(one), 2),
        toFixed(toMedian(rounds.map((round) => toCpuUs(one, round))), 1),
      ];
    }),
    targets: [
      {
        what: 'events/s in batches of 20 through one server into Kafka',
        atLeast: toFixed(leastEventsPerSecond),
        measured: toFixed(best),
        isMet: best >= leastEventsPerSecond,
      },
    ],
  };
}

function toRate({ result }: Round): number {
  return result.requests / result.seconds;
}

function toCpuUs({ eventsPerRequest }: Case, { result, cpuSeconds }: Round): number {
  return (cpuSeconds / (result.requests * eventsPerRequest)) * 1e6;
}
