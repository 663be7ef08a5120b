import { readFileSync } from 'node:fs';
import type { Section } from '../report/section.ts';
import { toFixed } from '../report/spread.ts';
import { assumptions, planScale, type ScalePlan } from './plan-scale.ts';
import { readFigures, type ScaleFigures } from './read-figures.ts';

const rates = [10_000, 100_000, 1_000_000];
const retentions = [30, 395];

/** Works out, of what docs/benchmarks.md holds, what 10 thousand, 100 thousand and 1 million events a second need. Measures nothing. */
export async function tellScaling(): Promise<Section[]> {
  const figures = readFigures(readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8'));
  return [toFigureTable(figures), toSizeTable(figures)];
}

function toFigureTable(figures: ScaleFigures): Section {
  const { requestCpuUs, processorCpuUs, storeCpuUs } = figures;
  const us = (value: number): string => `${toFixed(value, 1)} µs`;
  return {
    title: 'What it is worked out of',
    words: 'Measured on one machine of two cores, as docs/benchmarks.md has it; its table stands in the last column.',
    header: ['figure', 'value', 'table'],
    rows: [
      ['CPU of a request of one event, whole chain', us(requestCpuUs.ofOne), 'Durable ingest'],
      ['CPU of a request of ten events, whole chain', us(requestCpuUs.ofTen), 'Durable ingest'],
      ['events a request', toFixed(figures.eventsARecord, 1), 'From log to row, and to the store'],
      ['CPU of storing an event, batches of 1,000', us(storeCpuUs.ofThousand), 'the same'],
      ['CPU of storing an event, batches of 10,000', us(storeCpuUs.ofTenThousand), 'the same'],
      ['CPU of a processor, an event from Kafka to its row', us(processorCpuUs), 'From Kafka to rows'],
      ['bytes of an event in the log', toFixed(figures.recordBytesAnEvent), 'From log to row, and to the store'],
      ['bytes of a row as it travels', toFixed(figures.rowBytes), 'Bytes of an event on the disk'],
      ['bytes of an event on the disk, a replica', toFixed(figures.eventBytes, 1), 'the same'],
      ['bytes of its sessions, a replica', toFixed(figures.sessionBytes, 1), 'What generated events take'],
      ['bytes of an event on the line, gzipped', toFixed(figures.bodyBytes), 'What an event weighs on the line'],
    ],
    targets: [],
  };
}

function toSizeTable(figures: ScaleFigures): Section {
  const plans = rates.map((rate) => planScale(rate, figures, assumptions, retentions));
  const row = (what: string, toCell: (plan: ScalePlan) => string): string[] => [what, ...plans.map(toCell)];
  return {
    title: 'What a rate needs',
    words: 'Cores at half load. Assumptions and arithmetic stand below.',
    header: ['', ...rates.map((rate) => `${toFixed(rate)} events/s`)],
    rows: [
      row('requests/s', (plan) => toFixed(plan.requestsASecond)),
      row('servers, cores', (plan) => toFixed(plan.serverCores)),
      row('processors, of one core each', (plan) => toFixed(plan.processors)),
      row('Kafka partitions', (plan) => toFixed(plan.partitions)),
      row('Kafka disk, 7 days, 3 copies, not compressed', (plan) => toBytes(plan.kafkaDiskBytes)),
      row('FLUSH_INTERVAL_MS', (plan) => toFixed(plan.flushMs)),
      row('events a batch', (plan) => toFixed(plan.batchEvents)),
      row('ClickHouse cores, a replica', (plan) => toFixed(plan.storeCores)),
      ...retentions.flatMap((days, at) => [
        row(
          `shards x replicas, ${days} days kept`,
          ({ kept }) => `${toFixed(kept[at]?.shards ?? 0)} x ${assumptions.replicas}`,
        ),
        row(`their disks, a third free, ${days} days kept`, ({ kept }) => toBytes(kept[at]?.diskBytes ?? 0)),
      ]),
      row('rows of a month, all replicas', (plan) => toBytes(plan.monthBytes)),
      row('network from browsers', (plan) => toRate(plan.fromBrowsers)),
      row(
        'network into and between brokers; out of them',
        (plan) => `${toRate(plan.intoBrokers)}; ${toRate(plan.outOfBrokers)}`,
      ),
      row(
        'network into ClickHouse; between replicas',
        (plan) => `${toRate(plan.intoStore)}; ${toRate(plan.betweenReplicas)}`,
      ),
      row('Redis cores', (plan) => toFixed(plan.redisCores, 1)),
      row('look-ups of keys in Postgres/s', (plan) => toFixed(plan.keyLookups)),
      row('dedupe window in memory, min', (plan) => toFixed(plan.dedupeMinutes, 1)),
      row(
        'ids; sessions that each processor reads at its start',
        (plan) => `${toMillions(plan.warmIds)}; ${toMillions(plan.warmSessions)}`,
      ),
    ],
    targets: [],
  };
}

function toBytes(bytes: number): string {
  return bytes >= 1e15 ? `${toFixed(bytes / 1e15, 1)} PB` : `${toFixed(bytes / 1e12, 1)} TB`;
}

function toMillions(count: number): string {
  return `${toFixed(count / 1e6)} million`;
}

function toRate(bytesASecond: number): string {
  return `${toFixed(bytesASecond / 1e6)} MB/s`;
}
