import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaStack, openKafkaStack } from '../../processes/kafka-stack.ts';
import { type WorkOffJob, workOffAlone } from '../../processes/work-off-alone.ts';
import { type TopicRound, workOffOnce } from '../../processes/work-off-topic.ts';
import type { Section } from '../../report/section.ts';
import { toFixed, toMedian, toSpread } from '../../report/spread.ts';
import type { Effort, Measurement } from '../measurement.ts';

const leastPerCore = 20_000;
const embeddedBatch = 10_000;
/** A member that is frozen while the topic is filled must not be taken for dead. */
const env = { KAFKA_SESSION_TIMEOUT_MS: '120000' };

/** The engine's CPU is in the process's where it runs inside. */
type Round = Omit<TopicRound, 'engineCpuSeconds'> & { readonly engineCpuSeconds: number | null };

interface Case {
  readonly name: string;
  readonly rounds: readonly Round[];
}

/** The reference mix from Kafka to stored rows by one processor and by two, which find the topic filled, beside the embedded pipeline. */
export const measureKafkaPipeline: Measurement = async (effort, say) => {
  const cases: Case[] = [];
  const add = (name: string, rounds: readonly Round[]): void => {
    cases.push({ name, rounds });
    say(`${name}: ${toSpread(rounds.map(toRate))} events/s, ${toSpread(rounds.map(toPerCore))} a core`);
  };
  add('embedded, rows that nobody keeps', await workOffEmbedded('rows', effort));
  add('embedded, stored', await workOffEmbedded('stored', effort));
  const stack = await openKafkaStack({ processors: 2, env });
  try {
    const [, second] = stack.processors;
    await second?.stop();
    add('Kafka, one processor', await workOffTopic(stack, 1, effort));
    await second?.start();
    add('Kafka, two processors', await workOffTopic(stack, 2, effort));
  } finally {
    await stack.close();
  }
  return [toSection(cases, effort.topicEvents)];
};

async function workOffEmbedded(way: WorkOffJob['way'], effort: Effort): Promise<Round[]> {
  const folder = mkdtempSync(join(tmpdir(), 'px-bench-embedded-'));
  const events = effort.topicEvents;
  try {
    const { chunks } = await workOffAlone({
      way,
      events: events * (effort.rounds + 1),
      chunkEvents: events,
      batchRows: embeddedBatch,
      folder: join(folder, 'store'),
      isMerged: false,
    });
    return chunks.slice(1, effort.rounds + 1).map((chunk) => ({ ...chunk, engineCpuSeconds: null }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One round that counts for nothing, then the others. Throws where the store does not hold each event once at the end. */
async function workOffTopic(stack: KafkaStack, processors: number, effort: Effort): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round <= effort.rounds; round += 1) {
    const seed = processors * 100 + round;
    rounds.push(await workOffOnce(stack, processors, { seed, events: effort.topicEvents }));
  }
  return rounds.slice(1);
}

function toSection(cases: readonly Case[], events: number): Section {
  const best = toMedian(cases.find(({ name }) => name === 'Kafka, one processor')?.rounds.map(toPerCore) ?? []);
  return {
    title: 'From Kafka to rows',
    words:
      `The reference mix (\`bench/src/mix\`, 1.5 events a record), ${toFixed(events)} events a round, which lie in the topic's 12 partitions when the processors begin; they are ` +
      '`processor/src/main.ts`, with their defaults, and store into the engine behind HTTP. *Embedded*: the same stages in one process, batches of ' +
      `${toFixed(embeddedBatch)}, from a log in memory, into rows that nobody keeps and into the embedded store, whose engine's CPU is in that of the process. A core takes what 1 s of CPU time ` +
      'takes. Rates are min / median of the rounds; broker, engine and processors share the cores. After each round the rows were counted.',
    header: ['pipeline', 'events/s', 'per core s of the processor', 'CPU µs an event', 'the engine, CPU µs an event'],
    rows: cases.map(({ name, rounds }) => [
      name,
      toSpread(rounds.map(toRate)),
      toSpread(rounds.map(toPerCore)),
      toFixed(toMedian(rounds.map(({ cpuSeconds, events: of }) => (cpuSeconds / of) * 1e6)), 1),
      toEngine(rounds),
    ]),
    targets: [
      {
        what: 'events/s from Kafka to rows by a core of the processor',
        atLeast: toFixed(leastPerCore),
        measured: toFixed(best),
        isMet: best >= leastPerCore,
      },
    ],
  };
}

function toEngine(rounds: readonly Round[]): string {
  const costs = rounds.flatMap(({ engineCpuSeconds, events }) =>
    engineCpuSeconds === null ? [] : [(engineCpuSeconds / events) * 1e6],
  );
  return costs.length === 0 ? '' : toFixed(toMedian(costs), 1);
}

function toRate({ events, seconds }: Round): number {
  return events / seconds;
}

function toPerCore({ events, cpuSeconds }: Round): number {
  return events / cpuSeconds;
}
