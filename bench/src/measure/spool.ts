import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSpooledLog, type EventLog, openLmdbLog, openSpool, type SpoolTelemetry } from '@px-platform/log';
import { AppError, systemClock } from '@px-platform/runtime';
import { toPercentile } from '../load/fire.ts';
import { toFixed } from '../report/spread.ts';
import type { Measurement } from './measurement.ts';

/** What comes all the time, before, while and after the broker is away. */
const loads = [
  { recordsPerSecond: 1_000, bytes: 1_000 },
  { recordsPerSecond: 4_000, bytes: 1_000 },
  { recordsPerSecond: 1_000, bytes: 25_000 },
];
const brokerMs = 10;
const leastRatio = 5;
const offerEveryMs = 5;
const persons = 5_000;

/** How fast a spool drains while events go on coming, and how long they wait meanwhile. */
export const measureSpool: Measurement = async (effort, say) => {
  const rows = [];
  const targets = [];
  for (const load of loads) {
    const { spooled, drainedPerSecond, livePerSecond, waits } = await drain(load, effort.freshSeconds);
    const ratio = drainedPerSecond / livePerSecond;
    say(`${toFixed(drainedPerSecond)} records/s drained while ${toFixed(livePerSecond)}/s come`);
    const latencies = [0.5, 0.99, 1].map((share) => toFixed(toPercentile(waits, share)));
    const figures = [load.recordsPerSecond, load.bytes, spooled, drainedPerSecond].map((value) => toFixed(value));
    rows.push([...figures, toFixed(ratio, 1), ...latencies]);
    targets.push({
      what: `drained at ${toFixed(load.recordsPerSecond)} records/s of ${toFixed(load.bytes)} bytes, times what comes`,
      atLeast: toFixed(leastRatio),
      measured: toFixed(ratio, 1),
      isMet: ratio >= leastRatio,
    });
  }
  return [
    {
      title: 'The spool drains while events go on coming',
      words:
        `The broker is away for ${effort.freshSeconds} s; then it answers again, ${brokerMs} ms after each append. It is a stand-in: an LMDB log, ` +
        'fsynced, on the same disk as the spool. Drained are the records that were spooled meanwhile too. Times are those of the appends that came meanwhile. The end of each run holds each answered record against the log.',
      header: [
        'records/s that come',
        'bytes',
        'spooled',
        'drained/s',
        'times what comes',
        'p50 ms',
        'p99 ms',
        'max ms',
      ],
      rows,
      targets,
    },
  ];
};

async function drain(load: (typeof loads)[number], awaySeconds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'px-bench-spool-'));
  const options = { maxBytes: 8 * 1024 ** 3, minFreeBytes: 0, clock: systemClock };
  const lmdb = openLmdbLog({ ...options, path: join(folder, 'broker.lmdb'), partitions: 4 });
  const broker = { isAway: true };
  const drained = { records: 0, firstAt: 0 };
  const log = createSpooledLog({
    log: toBroker(lmdb, broker),
    backend: 'kafka',
    spool: await openSpool({ ...options, folder: join(folder, 'spool') }),
    telemetry: toTelemetry(drained),
    random: Math.random,
    stopwatch: () => performance.now(),
  });
  try {
    const offer = offerRecords(log, load);
    await wait(awaySeconds * 1_000);
    const spooled = (await log.status()).spool?.depth ?? 0;
    const before = offer.waits.length;
    const backAt = performance.now();
    broker.isAway = false;
    while ((await log.status()).spool?.isInUse === true) await wait(1);
    const endedAt = performance.now();
    const waits = offer.waits.slice(before);
    await offer.stop();
    const { depth } = await lmdb.status();
    if (depth !== offer.waits.length)
      throw new Error(`${offer.waits.length} records were answered, the log has ${depth}.`);
    return {
      spooled,
      drainedPerSecond: drained.records / ((endedAt - drained.firstAt) / 1_000),
      livePerSecond: waits.length / ((endedAt - backAt) / 1_000),
      waits: waits.sort((a, b) => a - b),
    };
  } finally {
    await log.close();
    rmSync(folder, { recursive: true });
  }
}

/** Answers each append a while later, in order. */
function toBroker(lmdb: EventLog, broker: { readonly isAway: boolean }): EventLog {
  return {
    ...lmdb,
    async append(records) {
      if (broker.isAway) throw new AppError('log_unavailable', 'The broker is away.');
      await wait(brokerMs);
      return lmdb.append(records);
    },
  };
}

/** Appends one record after the other at a rate of its own, whatever the answers take, of many persons. */
function offerRecords(log: EventLog, { recordsPerSecond, bytes }: (typeof loads)[number]) {
  const payload = Buffer.alloc(bytes, 'x');
  const waits: number[] = [];
  const failures: unknown[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * recordsPerSecond;
    for (; sent < due; sent++) {
      const append = appendOne(`person ${sent % persons}`).finally(() => underWay.delete(append));
      underWay.add(append);
    }
  }, offerEveryMs);

  async function appendOne(key: string): Promise<void> {
    const at = performance.now();
    try {
      await log.append([{ key, payload }]);
      waits.push(performance.now() - at);
    } catch (error) {
      failures.push(error);
    }
  }

  return {
    /** Ms of each answered append. */
    waits,
    async stop(): Promise<void> {
      clearInterval(timer);
      await Promise.all(underWay);
      if (failures.length > 0) throw new Error(`${failures.length} appends were refused.`, { cause: failures[0] });
    },
  };
}

function toTelemetry(drained: { records: number; firstAt: number }): SpoolTelemetry {
  const ignore = (): void => undefined;
  return {
    left: ignore,
    returned: ignore,
    spooled: ignore,
    drainFailed: ignore,
    setAside: ignore,
    damaged: ignore,
    drained({ records, seconds }) {
      if (drained.records === 0) drained.firstAt = performance.now() - seconds * 1_000;
      drained.records += records;
    },
  };
}
