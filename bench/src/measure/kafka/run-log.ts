import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createKafkaGroup,
  type EventLog,
  type KafkaSettings,
  type LogReader,
  openKafkaLog,
  openLmdbLog,
} from '@px-platform/log';
import type { AppendCost, LogCost, LogJob } from './log-cost.ts';

const payload = Buffer.from('{"event":"page_view","properties":{"path":"/cart","n":12345}}'.padEnd(690, 'x1y2z'));
const topic = 'events.v1';
const job: LogJob = JSON.parse(process.argv[2] ?? '{}');

/** Measures one log in a process of its own, so that its CPU time is nobody else's; prints a `LogCost`. */
const { log, reader, close } = await openLog();
await append(20, 1, 0.5);
const alone = await append(1, 1, job.seconds);
const singles = await append(64, 1, job.seconds);
const batches = await append(4, 500, job.seconds);
const read = await readAll();
const idle01 = await watchIdle();
await close();
const cost: LogCost = { alone, singles, batches, ...read, idle01 };
process.stdout.write(`${JSON.stringify(cost)}\n`);

async function openLog(): Promise<{ log: EventLog; reader: LogReader; close(): Promise<void> }> {
  if (job.log === 'lmdb') {
    const path = join(job.folder, 'log.mdb');
    const opened = openLmdbLog({ path, partitions: 1, maxBytes: 8e9, minFreeBytes: 0, clock: Date.now });
    return { log: opened, reader: opened, close: () => opened.close() };
  }
  const settings: KafkaSettings = {
    client: job.log,
    connection: { brokers: [job.bootstrap], sasl: null, tls: null, timeoutMs: 10_000 },
    partitions: 1,
    retentionMs: 3_600_000,
    replicationFactor: 1,
    groupId: job.log,
    sessionTimeoutMs: 10_000,
  };
  const name = `${job.log}.${topic}`;
  const opened = await openKafkaLog(settings, { topic: name, maxBytes: 1e9, clock: Date.now });
  const group = await createKafkaGroup(settings, { topic: name, onLost: () => undefined });
  const given = Promise.withResolvers<LogReader>();
  await group.join({ assigned: given.resolve, revoked: async () => undefined, failed: given.reject });
  return {
    log: opened,
    reader: await given.promise,
    async close() {
      await group.leave();
      await opened.close();
    },
  };
}

/** Appends for so long as so many callers, each the next after the last one's answer. */
async function append(callers: number, records: number, seconds: number): Promise<AppendCost> {
  const times: number[] = [];
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const call = async (caller: number): Promise<void> => {
    const batch = Array.from({ length: records }, (_, n) => ({ key: `person ${caller} ${n}`, payload }));
    while (performance.now() - startedAt < seconds * 1_000) {
      const calledAt = performance.now();
      await log.append(batch);
      times.push(performance.now() - calledAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  const elapsed = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const sorted = times.toSorted((one, other) => one - other);
  const count = times.length * records;
  return {
    recordsPerSecond: count / elapsed,
    cpuUs: (user + system) / count,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? Number.NaN,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  };
}

async function readAll(): Promise<{ readPerSecond: number; readCpuUs: number }> {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let [next, count] = [await reader.committed(0), 0];
  for (;;) {
    const entries = await reader.read(0, next, { maxRecords: 500, maxBytes: 1024 * 1024 });
    const last = entries.at(-1);
    if (last === undefined) break;
    next = last.position + 1;
    count += entries.length;
  }
  const { user, system } = process.cpuUsage(cpu);
  await reader.commit(0, next);
  return { readPerSecond: count / ((performance.now() - startedAt) / 1_000), readCpuUs: (user + system) / count };
}

async function watchIdle(): Promise<number> {
  const idleMs = job.seconds * 2_000;
  await pause(1_000);
  const cpu = process.cpuUsage();
  await pause(idleMs);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1_000 / idleMs;
}
