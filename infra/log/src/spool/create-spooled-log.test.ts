import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@px-platform/runtime';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { describeLogConformance } from '../../test/describe-log-conformance.ts';
import { createMemorySpool, createSpoolDisks } from '../../test/memory-spool.ts';
import { createSpoolObserver } from '../../test/spool-observer.ts';
import type { AppendRecord, EventLog } from '../event-log.ts';
import { openLmdbLog } from '../lmdb.ts';
import { createMemoryDisk, createMemoryLog, type MemoryDisk } from '../memory.ts';
import { createSpooledLog, type SpooledLog } from './create-spooled-log.ts';
import { spoolLimits } from './spool-limits.ts';
import { toSpoolValue } from './spool-value.ts';

/** However slow the disk is, these logs are there. */
const patientLimits = { ...spoolLimits, answerWithinMs: 60_000 };
const disks = new Map<string, MemoryDisk>();
describeLogConformance('a spooled log whose log is there', ({ place, ...settings }) => {
  const disk = disks.get(place) ?? createMemoryDisk();
  disks.set(place, disk);
  const log = createMemoryLog({ ...settings, disk });
  return { ...log, ...wrap(log, undefined, undefined, patientLimits) };
});

const folder = mkdtempSync(join(tmpdir(), 'px-spooled-'));
afterAll(() => rmSync(folder, { recursive: true }));
describeLogConformance('a spooled log over LMDB', ({ place, ...settings }) => {
  const log = openLmdbLog({ ...settings, path: join(folder, place, 'log.lmdb'), minFreeBytes: 0 });
  return { ...log, ...wrap(log, undefined, undefined, patientLimits) };
});

const patient = { timeout: 20_000 };
const quick = { ...spoolLimits, answerWithinMs: 40, drainAnswerWithinMs: 400, firstPauseMs: 1, maxPauseMs: 5 };

function wrap(
  log: EventLog,
  spool = createMemorySpool(),
  telemetry = createSpoolObserver(),
  limits = quick,
): SpooledLog {
  const [random, stopwatch] = [() => 0.5, () => performance.now()];
  return createSpooledLog({ log, backend: 'memory', spool, telemetry, random, stopwatch, limits });
}

type Fault = ((records: readonly AppendRecord[]) => Promise<void> | void) | null;

/** A log in memory before which a test puts a fault, and what it holds. */
function createFaultyLog(disk = createMemoryDisk()) {
  const memory = createMemoryLog({ partitions: 3, maxBytes: 1e9, clock: () => 1, disk });
  const faulty = {
    fault: null as Fault,
    appends: [] as number[],
    log: {
      ...memory,
      async append(records: readonly AppendRecord[]) {
        faulty.appends.push(records.length);
        await faulty.fault?.(records);
        return await memory.append(records);
      },
    },
    /** Of one key, which lies in one partition. */
    async texts(): Promise<string[]> {
      const limits = { maxRecords: 1e6, maxBytes: 1e9 };
      const entries = await Promise.all(memory.partitions.map((partition) => memory.read(partition, 0, limits)));
      return entries.flat().map(({ payload }) => Buffer.from(payload ?? []).toString());
    },
  };
  return faulty;
}

const away: Fault = () => {
  throw new AppError('log_unavailable', 'The broker is away.');
};
const hanging: Fault = () => new Promise(() => undefined);
const toRecord = (text: string, key = 'ann'): AppendRecord => ({ key, payload: Buffer.from(text) });
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(from + index));

describe('a spooled log', () => {
  const opened: SpooledLog[] = [];
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
  });

  function start(faulty: ReturnType<typeof createFaultyLog>, spool = createMemorySpool(), limits = quick) {
    const observer = createSpoolObserver();
    const log = wrap(faulty.log, spool, observer, limits);
    opened.push(log);
    const append = (text: string) => log.append([toRecord(text)]);
    const whenDirect = () => expect.poll(() => log.checks.broker().then(() => 'there', String), patient).toBe('there');
    return { log, append, whenDirect, seen: observer.seen, spool };
  }

  it('answers from the spool while the log is away, and drains in order once it is back', async () => {
    const faulty = createFaultyLog();
    const { log, append, whenDirect, seen } = start(faulty);
    expect(await append('0')).toEqual([{ partition: 0, position: 0 }]);
    faulty.fault = away;
    for (const text of numbers(1, 50)) expect(await append(text)).toEqual([null]);
    await expect(log.checks.broker()).rejects.toMatchObject({ code: 'log_unavailable' });
    await log.checks.spool();
    expect((await log.status()).spool).toMatchObject({ isInUse: true, depth: 49 });
    expect(await faulty.texts()).toEqual(['0']);

    faulty.fault = null;
    await whenDirect();
    expect(await append('50')).toEqual([{ partition: 0, position: 50 }]);
    expect(await faulty.texts()).toEqual(numbers(0, 51));
    expect((await log.status()).spool).toMatchObject({ isInUse: false, depth: 0, bytes: 0 });
    expect(seen).toMatchObject({ left: 1, returned: 1, spooled: 49, drained: 49, setAside: 0 });
    expect(seen.failures.length).toBeGreaterThan(0);
  });

  it('drains by large appends, one after the other', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect } = start(faulty);
    faulty.fault = away;
    await Promise.all(numbers(0, 5_000).map(append));
    faulty.appends.splice(0);
    faulty.fault = null;
    await whenDirect();
    expect(Math.max(...faulty.appends)).toBe(2_000);
    expect(await faulty.texts()).toEqual(numbers(0, 5_000));
  });

  it('comes back though appends never stop, and none of them overtakes', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect, seen } = start(faulty);
    faulty.fault = away;
    let sent = 0;
    let isOver = false;
    const streams = Array.from({ length: 8 }, async () => {
      for (; !isOver; await new Promise(setImmediate)) await append(String(sent++));
    });
    await expect.poll(() => seen.spooled, patient).toBeGreaterThan(5_000);
    faulty.fault = null;
    await whenDirect();
    isOver = true;
    await Promise.all(streams);
    expect(await faulty.texts()).toEqual(numbers(0, sent));
  });

  it('lets newcomers wait for the last batch of the drain, and sends them to the log in their order', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect } = start(faulty, createMemorySpool(), { ...quick, answerWithinMs: 20_000 });
    faulty.fault = away;
    await Promise.all(numbers(0, 2_500).map(append));
    let finishDrain = (): void => undefined;
    faulty.fault = ({ length }) => (length === 500 ? new Promise((resolve) => (finishDrain = resolve)) : undefined);
    await expect.poll(() => faulty.appends.includes(500), patient).toBe(true);
    const calls = numbers(2_500, 2_510).map(append);
    finishDrain();
    expect((await Promise.all(calls)).flat()).not.toContain(null);
    await whenDirect();
    expect(await faulty.texts()).toEqual(numbers(0, 2_510));
  });

  it('lets nobody wait for a last batch that takes too long', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect } = start(faulty);
    faulty.fault = away;
    await Promise.all(numbers(0, 2_500).map(append));
    let finishDrain = (): void => undefined;
    faulty.fault = ({ length }) => (length === 500 ? new Promise((resolve) => (finishDrain = resolve)) : undefined);
    await expect.poll(() => faulty.appends.includes(500), patient).toBe(true);
    expect(await append('2500')).toEqual([null]);
    finishDrain();
    await whenDirect();
    expect(await faulty.texts()).toEqual(numbers(0, 2_501));
  });

  it('goes back to the log though the spool can not be trimmed, and drains nothing twice', async () => {
    const faulty = createFaultyLog();
    const spool = createMemorySpool();
    const queue = { ...spool.queue, commit: async () => away([]) };
    const { append, whenDirect, seen } = start(faulty, { ...spool, queue });
    faulty.fault = away;
    await append('0');
    faulty.fault = null;
    await whenDirect();
    expect(await append('1')).not.toEqual([null]);
    expect(await faulty.texts()).toEqual(['0', '1']);
    expect(seen.failures.length).toBeGreaterThan(0);
  });

  it('spools what the log hangs on, and lets no later one before it', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect, seen } = start(faulty);
    faulty.fault = hanging;
    const first = [append('0'), append('1')];
    expect(await Promise.all(first)).toEqual([[null], [null]]);
    expect(await append('2')).toEqual([null]);
    faulty.fault = null;
    await whenDirect();
    expect(await faulty.texts()).toEqual(['0', '1', '2']);
    expect(seen.left).toBe(1);
  });

  it('keeps the order of calls under way when the log is lost', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect } = start(faulty);
    let isFirst = true;
    faulty.fault = () => {
      // The second call of four is refused; the others hang.
      if (isFirst) return new Promise<void>((resolve) => setImmediate(resolve)).then(() => hanging([]));
      return away([]);
    };
    const calls = [append('0')];
    isFirst = false;
    calls.push(append('1'), append('2'), append('3'));
    expect(await Promise.all(calls)).toEqual([[null], [null], [null], [null]]);
    faulty.fault = null;
    await whenDirect();
    expect(await faulty.texts()).toEqual(['0', '1', '2', '3']);
  });

  it('takes a late answer of the log for what it is, and no append is answered twice', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect } = start(faulty);
    let answer = (): void => undefined;
    faulty.fault = () => new Promise((resolve) => (answer = resolve));
    const call = append('0');
    const answerLate = answer;
    expect(await call).toEqual([null]);
    faulty.fault = null;
    answerLate();
    await whenDirect();
    // A copy, which the processor drops; nothing is lost.
    expect(await faulty.texts()).toEqual(['0', '0']);
  });

  it.each(['log_full', 'log_refused_records'] as const)('passes %s of the log on, and spools nothing', async (code) => {
    const faulty = createFaultyLog();
    const { log, append } = start(faulty);
    faulty.fault = () => {
      throw new AppError(code, 'No.');
    };
    await expect(append('0')).rejects.toMatchObject({ code });
    await log.checks.broker();
    expect((await log.status()).spool).toMatchObject({ isInUse: false, depth: 0 });
  });

  it('refuses what has no room in the spool, says so to health, and takes it again after the drain', async () => {
    const faulty = createFaultyLog();
    const { log, append, whenDirect } = start(faulty, createMemorySpool(createSpoolDisks(), 1_000));
    faulty.fault = away;
    const large = 'x'.repeat(300);
    await append(large);
    await append(large);
    await append(large);
    await log.checks.spool();
    await expect(append(large)).rejects.toMatchObject({
      code: 'log_full',
      message: expect.stringContaining('SPOOL_MAX_BYTES'),
    });
    await expect(log.checks.spool()).rejects.toMatchObject({ code: 'log_full' });
    expect((await log.status()).spool).toMatchObject({ depth: 3, maxBytes: 1_000 });
    faulty.fault = null;
    await whenDirect();
    await log.checks.spool();
    await append('last');
    expect(await faulty.texts()).toEqual([large, large, large, 'last']);
  });

  it('asks the log again where the spool took nothing', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect } = start(faulty, createMemorySpool(createSpoolDisks(), 10));
    faulty.fault = away;
    for (const text of numbers(0, 3)) await expect(append(text)).rejects.toMatchObject({ code: 'log_full' });
    faulty.fault = null;
    await whenDirect();
    expect(await append('3')).toEqual([{ partition: 0, position: 0 }]);
  });

  it('is refused as away where the disk of the spool refuses too', async () => {
    const faulty = createFaultyLog();
    const spool = createMemorySpool();
    const refusing = { ...spool.queue, append: async () => away([]) as never };
    const { append } = start(faulty, { ...spool, queue: refusing });
    faulty.fault = away;
    await expect(append('0')).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining('spool'),
    });
  });

  it('waits where the log is full while it drains, and goes on', async () => {
    const faulty = createFaultyLog();
    const { append, whenDirect, seen } = start(faulty);
    faulty.fault = away;
    await append('0');
    faulty.fault = () => {
      throw new AppError('log_full', 'No room.');
    };
    const failures = seen.failures.length;
    await expect.poll(() => seen.failures.length, patient).toBeGreaterThan(failures + 2);
    faulty.fault = null;
    await whenDirect();
    expect(await faulty.texts()).toEqual(['0']);
    expect(seen.setAside).toBe(0);
  });

  it('keeps aside what the log refuses for itself, counts it, drains the rest, and offers it again at the next start', async () => {
    const faulty = createFaultyLog();
    const disksOfSpool = createSpoolDisks();
    const first = start(faulty, createMemorySpool(disksOfSpool));
    faulty.fault = away;
    const texts = numbers(0, 100).map((text) => (text === '37' || text === '99' ? `poison ${text}` : text));
    for (const text of texts) await first.append(text);
    const refusePoison: Fault = (records) => {
      const isPoison = records.some(({ payload }) => Buffer.from(payload).includes('poison'));
      if (isPoison) throw new AppError('log_refused_records', 'A record is larger than the broker takes.');
    };
    faulty.fault = refusePoison;
    await first.whenDirect();
    expect(await faulty.texts()).toEqual(texts.filter((text) => !text.startsWith('poison')));
    expect((await first.log.status()).spool).toMatchObject({ depth: 0, setAside: 2 });
    expect(first.seen).toMatchObject({ drained: 98, setAside: 2 });
    expect(first.seen.failures.every((error) => error instanceof AppError && error.code === 'log_unavailable')).toBe(
      true,
    );
    await expect(first.append('poison')).rejects.toMatchObject({ code: 'log_refused_records' });

    const stillRefused = start(faulty, createMemorySpool(disksOfSpool));
    await expect.poll(() => stillRefused.spool.aside.committed(0), patient).toBe(2);
    expect((await stillRefused.log.status()).spool).toMatchObject({ setAside: 2 });
    faulty.fault = null;
    const taken = start(faulty, createMemorySpool(disksOfSpool));
    await expect.poll(async () => (await taken.log.status()).spool?.setAside, patient).toBe(0);
    expect((await faulty.texts()).slice(-2)).toEqual(['poison 37', 'poison 99']);
  });

  it('sends the beginning of what is too large, which becomes a dead letter, and keeps the whole aside', async () => {
    const faulty = createFaultyLog();
    const { log, append, whenDirect, spool } = start(faulty);
    const large = JSON.stringify({ text: 'x'.repeat(100_000) });
    faulty.fault = away;
    for (const text of ['0', large, '1']) await append(text);
    faulty.fault = (records) => {
      const isTooLarge = records.some(({ payload }) => payload.length > 50_000);
      if (isTooLarge) throw new AppError('log_refused_records', 'A record is larger than the broker takes.');
    };
    await whenDirect();
    expect(await faulty.texts()).toEqual(['0', large.slice(0, 16 * 1024), '1']);
    expect((await log.status()).spool).toMatchObject({ depth: 0, setAside: 1 });
    const [kept] = await spool.aside.read(0, 0, { maxRecords: 1, maxBytes: 1e6 });
    expect(Buffer.from(kept?.payload ?? []).toString()).toContain(large);
  });

  it('sends bytes whose checksum fails to the log as they are', async () => {
    const faulty = createFaultyLog();
    const spool = createMemorySpool();
    await spool.queue.append([{ key: '', payload: toSpoolValue(toRecord('0')) }]);
    const queue: typeof spool.queue = {
      ...spool.queue,
      async read(...args) {
        const entries = await spool.queue.read(...args);
        return entries.map((entry) => ({ ...entry, payload: null, damaged: Buffer.from('found so') }));
      },
    };
    const { whenDirect, seen } = start(faulty, { ...spool, queue, standing: { next: 0, end: 1 } });
    await whenDirect();
    expect(await faulty.texts()).toEqual(['found so']);
    expect(seen.damaged).toBe(1);
  });

  it('drains at its start what a process before left, before anything that comes', async () => {
    const [disk, disksOfSpool] = [createMemoryDisk(), createSpoolDisks()];
    const lost = createFaultyLog(disk);
    lost.fault = away;
    const before = start(lost, createMemorySpool(disksOfSpool));
    for (const text of numbers(0, 10)) await before.append(text);
    await before.log.close();
    const faulty = createFaultyLog(disk);
    faulty.fault = away;
    const after = start(faulty, createMemorySpool(disksOfSpool));
    expect(await after.append('10')).toEqual([null]);
    faulty.fault = null;
    await after.whenDirect();
    expect(await faulty.texts()).toEqual(numbers(0, 11));
  });

  it('tells how the log stood when it was last asked while it says nothing', async () => {
    const faulty = createFaultyLog();
    let isSilent = false;
    const status = faulty.log.status;
    faulty.log.status = () => (isSilent ? new Promise(() => undefined) : status());
    const { log, append } = start(faulty);
    await append('0');
    expect(await log.status()).toMatchObject({ backend: 'memory', depth: 1 });
    isSilent = true;
    expect(await log.status()).toMatchObject({ backend: 'memory', depth: 1, lagByPartition: { 0: 1 } });
  });

  it('ends while the log hangs, with all that was asked answered, and keeps what waits', async () => {
    const faulty = createFaultyLog();
    const disksOfSpool = createSpoolDisks();
    const { log, append } = start(faulty, createMemorySpool(disksOfSpool));
    faulty.fault = hanging;
    const calls = [append('0'), append('1')];
    await log.close();
    expect(await Promise.all(calls)).toEqual([[null], [null]]);
    await expect(append('2')).rejects.toMatchObject({ code: 'log_unavailable' });
    await expect(log.checks.spool()).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(disksOfSpool.queue.partitions.get(0)?.entries).toHaveLength(2);
  });
});
