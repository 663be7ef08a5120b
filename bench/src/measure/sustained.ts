import { join } from 'node:path';
import { openGenerator } from '../load/open-generator.ts';
import type { SustainResult } from '../load/sustain.ts';
import { type InsertResult, insertAlone } from '../processes/insert-alone.ts';
import { openBareServer } from '../processes/open-bare-server.ts';
import { type ProcessCost, readProcessCost, resetPeak } from '../processes/process-cost.ts';
import { openStandalone, type Standalone } from '../processes/standalone.ts';
import type { Section } from '../report/section.ts';
import { toFixed, toMedian, toMib, toSpread } from '../report/spread.ts';
import type { Effort, Measurement } from './measurement.ts';

const connections = 32;
const eventsPerRequest = 50;
/** About two seconds of rows: enough that the processor never waits for a sender, not so much that the log grows. */
const maxLagEvents = 25_000;

interface Sustained {
  readonly load: SustainResult;
  readonly idle: ProcessCost;
  readonly peakBytes: number;
  readonly cpuSeconds: number;
  /** CPU seconds an event of a bare server that reads and parses the same bytes. */
  readonly bareCpuPerEvent: number;
  readonly inserts: readonly InsertResult[];
}

/**
 * Events a second from HTTP to stored row, held for a minute, against the engine alone inserting the same
 * rows; with what the minute cost in memory and CPU time.
 */
export const measureSustained: Measurement = async (effort, say) => {
  const generator = openGenerator();
  const standalone = await openStandalone();
  const bare = await openBareServer();
  try {
    const idle = readProcessCost(standalone.pid);
    resetPeak(standalone.pid);
    const load = await generator.sustain({
      aim: { url: `${standalone.url}/api/v1/events/batch`, apiKey: standalone.apiKey, connections },
      bodies: { requests: 1_000, eventsPerRequest, isGzip: false, form: 'own' },
      seconds: effort.sustainSeconds,
      maxLagEvents,
      metricsUrl: `${standalone.url}/metrics`,
    });
    const after = readProcessCost(standalone.pid);
    say(`${toFixed(load.events / load.seconds)} events/s through to rows`);
    const rows = await standalone.countRows();
    if (load.failures > 0) throw new Error(`${load.failures} requests were not answered 202.`);
    if (rows !== load.events) throw new Error(`${load.events} events got a 202, but the store holds ${rows} rows.`);

    const requests = Math.floor(effort.eventsPerRound / eventsPerRequest);
    const { events } = await generator.prepare({ requests, eventsPerRequest, isGzip: false, form: 'own' });
    const before = readProcessCost(bare.pid);
    await generator.fire({ url: bare.url, apiKey: '', connections });
    const bareCpuSeconds = readProcessCost(bare.pid).cpuSeconds - before.cpuSeconds;

    const inserts = await insertRounds(standalone, effort);
    say(`${toSpread(inserts.map(toRate))} rows/s by the engine alone`);
    return [
      toSection({
        load,
        idle,
        peakBytes: after.peakBytes,
        cpuSeconds: after.cpuSeconds - idle.cpuSeconds,
        bareCpuPerEvent: bareCpuSeconds / events,
        inserts,
      }),
    ];
  } finally {
    await Promise.all([generator.close(), bare.close(), standalone.close()]);
  }
};

/** The rows that were just stored, taken out and given to the engine alone, into an empty store each round. */
async function insertRounds(standalone: Standalone, effort: Effort): Promise<InsertResult[]> {
  const file = join(standalone.folder, 'rows.ndjson');
  await standalone.exportRows(file, effort.insertRows);
  const results: InsertResult[] = [];
  for (let round = 0; round < effort.rounds; round += 1) {
    results.push(await insertAlone({ file, folder: join(standalone.folder, `alone-${round}`) }));
  }
  return results;
}

function toRate(insert: InsertResult): number {
  return insert.rows / insert.seconds;
}

function toSection(sustained: Sustained): Section {
  const { load, inserts, idle, peakBytes, cpuSeconds, bareCpuPerEvent } = sustained;
  const rate = load.events / load.seconds;
  const alone = toMedian(inserts.map(toRate));
  const alonePeak = toMedian(inserts.map((insert) => insert.peakBytes));
  const cpu = (cpuSeconds / load.events) * 1_000_000;
  const aloneCpu = toMedian(inserts.map((insert) => (insert.cpuSeconds / insert.rows) * 1_000_000));
  const limitCpu = aloneCpu + bareCpuPerEvent * 1_000_000;
  return {
    title: 'Through to rows',
    words:
      `Batches of ${eventsPerRequest}, plain, over ${connections} connections, until ${toFixed(load.events)} events were accepted and ` +
      `stored, each once; senders wait while more than ${toFixed(maxLagEvents)} events are accepted and not yet rows. ` +
      'Limit: the store alone, in a process that does nothing else, inserting rows of this run in batches of the size that the processor takes ' +
      'and deriving their sessions (for CPU: that and the bare server together). Rates are min / median: of the six ' +
      `parts of the time here, of ${inserts.length} rounds for the limit.`,
    header: ['what', 'measured', 'limit', 'ratio'],
    rows: [
      [
        'events/s to stored rows',
        toSpread(load.windows),
        toSpread(inserts.map(toRate)),
        toFixed(toMedian(load.windows) / alone, 2),
      ],
      ['the same, until the last row', toFixed(rate), toFixed(alone), toFixed(rate / alone, 2)],
      ['not yet rows when sending ended, events', toFixed(load.lagEvents), toFixed(maxLagEvents), ''],
      ['until they were, ms', toFixed(load.lagMs), '', ''],
      ['answer p50 / p95 / p99, ms', [load.p50, load.p95, load.p99].map((ms) => toFixed(ms, 1)).join(' / '), '', ''],
      ['memory at idle, MiB', toMib(idle.residentBytes), '', ''],
      ['peak of a first start, which makes the databases, MiB', toMib(idle.peakBytes), '', ''],
      ['peak of the run, MiB', toMib(peakBytes), toMib(alonePeak), toFixed(peakBytes / alonePeak, 2)],
      ['CPU seconds per million events', toFixed(cpu, 1), toFixed(limitCpu, 1), toFixed(cpu / limitCpu, 2)],
    ],
    targets: [
      {
        what: 'events/s through to rows',
        atLeast: '10,000',
        measured: toFixed(rate),
        isMet: rate >= 10_000,
      },
    ],
  };
}
