import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startKafka } from '../../../../infra/log/test/kafka/start-kafka.ts';
import type { Section } from '../../report/section.ts';
import { toFixed, toMedian } from '../../report/spread.ts';
import type { Measurement } from '../measurement.ts';
import { type AppendCost, type LogCost, type LogJob, type MeasuredLog, measuredLogs } from './log-cost.ts';

const run = promisify(execFile);
const mostIdle01 = 0.01;

/** Appends and reads of the log in Kafka by each client, beside the LMDB log, and what a process costs that has nothing to do. */
export const measureKafkaClients: Measurement = async (effort, say) => {
  const cluster = await startKafka();
  const folder = mkdtempSync(join(tmpdir(), 'px-bench-kafka-'));
  const costs = new Map<MeasuredLog, LogCost[]>(measuredLogs.map((log) => [log, []]));
  try {
    // By turns, so that what else happens on the machine is everybody's.
    for (let round = 0; round < effort.rounds; round += 1) {
      for (const log of measuredLogs) {
        const place = mkdtempSync(join(folder, 'log-'));
        const job: LogJob = { log, folder: place, bootstrap: cluster.bootstrap, seconds: effort.secondsPerRound };
        const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'run-log.ts'), JSON.stringify(job)]);
        const cost: LogCost = JSON.parse(stdout);
        costs.get(log)?.push(cost);
        say(`${log}: ${toFixed(cost.singles.recordsPerSecond)} single appends/s, idle ${toPercent(cost.idle01)}`);
      }
    }
  } finally {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return [toSection(costs, effort.rounds)];
};

function toSection(costs: ReadonlyMap<MeasuredLog, readonly LogCost[]>, rounds: number): Section {
  const of = (all: readonly LogCost[], pick: (cost: LogCost) => number): number => toMedian(all.map(pick));
  const append = (all: readonly LogCost[], kind: 'alone' | 'singles' | 'batches'): string[] => {
    const pick = (field: keyof AppendCost): number => of(all, (cost) => cost[kind][field]);
    return [
      toFixed(pick('recordsPerSecond')),
      `${toFixed(pick('p50Ms'), 1)} / ${toFixed(pick('p99Ms'), 1)}`,
      toFixed(pick('cpuUs'), 1),
    ];
  };
  const rows = [...costs].map(([log, all]) => [
    log,
    ...append(all, 'alone'),
    ...append(all, 'singles'),
    ...append(all, 'batches'),
    toFixed(of(all, (cost) => cost.readPerSecond)),
    toFixed(
      of(all, (cost) => cost.readCpuUs),
      1,
    ),
    toPercent(of(all, (cost) => cost.idle01)),
  ]);
  return {
    title: 'The log in Kafka',
    words:
      `Records of 690 bytes to one partition and back, medians of ${rounds} rounds, each log in a process of its own. *One caller*: the next append ` +
      'after the answer to the last. *64 callers*: the same side by side. *500 records*: four callers, 500 records an append. Kafka is one broker ' +
      'with a heap of 256 MiB on the same cores, which answers from the page cache; LMDB answers after fdatasync. *Idle*: share of a core of ' +
      'a writer and a reader with nothing to do.',
    header: [
      'log',
      'one caller/s',
      'p50 / p99, ms',
      'CPU µs',
      '64 callers/s',
      'p50 / p99, ms',
      'CPU µs',
      '500 records/s',
      'p50 / p99, ms',
      'CPU µs',
      'read/s',
      'CPU µs',
      'idle',
    ],
    rows,
    targets: [...costs]
      .filter(([log]) => log !== 'lmdb')
      .map(([log, all]) => {
        const idle01 = of(all, (cost) => cost.idle01);
        return {
          what: `idle writer and reader by ${log}, of a core`,
          atLeast: `<= ${toPercent(mostIdle01)}`,
          measured: toPercent(idle01),
          isMet: idle01 <= mostIdle01,
        };
      }),
  };
}

function toPercent(share01: number): string {
  return `${toFixed(share01 * 100, 2)} %`;
}
