import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assumptions, planScale } from './plan-scale.ts';
import { readFigures, type ScaleFigures } from './read-figures.ts';
import { tellScaling } from './tell-scaling.ts';

/** Round figures, so that a person can follow. */
const figures: ScaleFigures = {
  requestCpuUs: { ofOne: 100, ofTen: 190 },
  processorCpuUs: 20,
  storeCpuUs: { ofThousand: 80, ofTenThousand: 32 },
  eventsARecord: 2,
  recordBytesAnEvent: 1_000,
  eventBytes: 60,
  sessionBytes: 40,
  rowBytes: 500,
  bodyBytes: 60,
};

it('works out a hundred thousand events a second', () => {
  const plan = planScale(100_000, figures, assumptions, [30]);
  expect(plan).toMatchObject({
    requestsASecond: 50_000,
    // 50,000 x 110 µs are 5.5 cores, at half load 11.
    serverCores: 11,
    // 100,000 x 20 µs are 2 cores, at half load 4; two partitions each, in dozens.
    processors: 4,
    partitions: 12,
    // 12 partitions, 20 inserts a second: one each 600 ms, of 100,000 x 0.6 / 12 events.
    flushMs: 600,
    batchEvents: 5_000,
    storeCores: 16,
    // 100,000 x 100 bytes for 30 days are 25.92 TB: four nodes of 8 TB hold them.
    kept: [{ days: 30, replicaBytes: 25.92e12, shards: 4, nodes: 12 }],
    kafkaDiskBytes: 181.44e12,
    intoBrokers: 300e6,
    intoStore: 50e6,
    betweenReplicas: 20e6,
    redisCores: 1,
    keyLookups: 2_750,
    // 100,000 for an hour, and for two days by ten events a session, among four.
    warmIds: 90_000_000,
    warmSessions: 432_000_000,
  });
  expect(plan.kept[0]?.diskBytes).toBeCloseTo(116.64e12, -9);
  expect(plan.fromBrowsers).toBeCloseTo(36e6);
  expect(plan.dedupeMinutes).toBeCloseTo(3.33, 2);
});

it('plans two of what may go, and larger batches for more partitions', () => {
  expect(planScale(100, figures, assumptions, []).processors).toBe(2);
  const plan = planScale(1_000_000, figures, assumptions, [1]);
  expect([plan.partitions, plan.flushMs, plan.batchEvents]).toEqual([84, 4_200, 50_000]);
  // In batches of ten thousand and more, storing costs less.
  expect(plan.storeCores).toBe(64);
  expect(plan.kept[0]?.shards).toBe(4);
});

const benchmarks = readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8');

it('finds each figure in docs/benchmarks.md', async () => {
  const found = readFigures(benchmarks);
  const numbers = Object.values(found).flatMap((one) => (typeof one === 'object' ? Object.values(one ?? {}) : [one]));
  expect(numbers.length).toBeGreaterThan(10);
  for (const one of numbers) expect(one).toBeGreaterThan(0);
  // No other column of the table is so: a request of ten costs more, and less than ten of one.
  const { ofOne, ofTen } = found.requestCpuUs;
  expect(ofOne).toBeGreaterThan(50);
  expect(ofTen / ofOne).toBeGreaterThan(1.5);
  expect(ofTen / ofOne).toBeLessThan(10);
  expect((await tellScaling()).map(({ rows }) => rows.length)).toEqual([11, 20]);
});

it('names the table or row that is not there', () => {
  expect(() => readFigures(benchmarks.replaceAll('## Durable ingest', '## Ingest'))).toThrow(
    'no table "Durable ingest"',
  );
  expect(() => readFigures(benchmarks.replaceAll('| 1,000,010 |', '| 2 |'))).toThrow('no row "1,000,010"');
});

it('reckons processors by what one on Kafka takes, its client and commits included', () => {
  const table =
    '\n## From Kafka to rows\n\n| pipeline | a | b | c |\n|-|\n| Kafka, one processor | 1 | 2 / 3 | 48.5 | 5 |\n';
  expect(readFigures(`${table}${benchmarks}`).processorCpuUs).toBe(48.5);
});
