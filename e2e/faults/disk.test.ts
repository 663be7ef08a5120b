import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { fillDisk } from '../src/fill-disk.ts';
import { openPrivateDisk, type PrivateDisk } from '../src/private-disk.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  type StartOptions,
  startProcess,
  tryStart,
  untilDrained,
} from '../src/standalone-process.ts';

/** Becomes the process, with a tracer beside it that makes the system calls of its threads slow, or fail. */
const trace = ['strace', '-D', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null'];
const running: StandaloneProcess[] = [];
const disks: PrivateDisk[] = [];
const folders: string[] = [];

afterAll(async () => {
  for (const one of running) if (!one.hasEnded()) await one.kill();
  for (const disk of disks) await disk.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function openDisk(sizeMib: number): Promise<PrivateDisk> {
  const disk = await openPrivateDisk(sizeMib);
  disks.push(disk);
  return disk;
}

async function start(options: Omit<StartOptions, 'port'>): Promise<StandaloneProcess> {
  const started = await startProcess({ ...options, port: await findFreePort() });
  running.push(started);
  return started;
}

interface Answer {
  readonly id: string;
  readonly status: number;
  readonly code: string | null;
  readonly retryAfter: number;
}

async function send(at: StandaloneProcess, id: string): Promise<Answer> {
  const response = await fetch(`${at.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'X-API-Key': at.apiKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ event: id, anonymous_id: id, properties: { text: 'x'.repeat(500) } }),
  });
  const body: { error?: { code: string } } = JSON.parse(await response.text());
  const retryAfter = Number(response.headers.get('retry-after'));
  return { id, status: response.status, code: body.error?.code ?? null, retryAfter };
}

const sendMany = (at: StandaloneProcess, name: string, count: number): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => send(at, `${name} ${index}`)));

async function look(at: StandaloneProcess) {
  const response = await fetch(`${at.url}/health/ready`);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** The names of those that were answered 202, and of the rows, must be the same. */
async function expectRows(at: StandaloneProcess, answers: readonly Answer[]): Promise<void> {
  await untilDrained(at);
  const rows = await exportRows(at, await makeServerKey(at));
  const taken = answers.filter(({ status }) => status === 202).map(({ id }) => id);
  expect(rows.map((row) => row['event']).sort()).toEqual(taken.sort());
}

/** Each was taken, or refused with all that a client needs to send it again. */
function expectTakenOrRefused(answers: readonly Answer[], code: string): void {
  for (const answer of answers) {
    if (answer.status === 202) continue;
    expect(answer).toMatchObject({ status: 503, code });
    expect(answer.retryAfter).toBeGreaterThanOrEqual(1);
  }
}

describe('a full disk', () => {
  it('refuses events, answers questions, and goes on once there is room', async () => {
    const disk = await openDisk(256);
    // Without a reserve, so that it is the disk itself that refuses.
    const at = await start({ ...disk, env: { LOG_MIN_FREE_BYTES: '0' } });
    const before = await sendMany(at, 'before', 50);
    expect(before.every(({ status }) => status === 202)).toBe(true);
    await untilDrained(at);

    const ballast = join(disk.outside, 'ballast');
    fillDisk(ballast);
    const during: Answer[] = [];
    let seen: Awaited<ReturnType<typeof look>> | null = null;
    // Once refused, one may be taken again: the store gives back what its merges took, and fewer records need less room.
    await expect
      .poll(
        async () => {
          during.push(...(await sendMany(at, `during ${during.length}`, 20)));
          seen = await look(at);
          return { isRefused: during.slice(-20).some(({ status }) => status === 503), ready: seen.status };
        },
        { timeout: 20_000 },
      )
      .toEqual({ isRefused: true, ready: 503 });
    expectTakenOrRefused(during, 'not_durable');
    expect(seen).toMatchObject({ body: { dependencies: { log: { status: 'down' } } } });
    expect((await fetch(`${at.url}/health/live`)).status).toBe(200);

    rmSync(ballast);
    const after: Answer[] = [];
    await expect
      .poll(
        async () => {
          after.push(await send(at, `after ${after.length}`));
          return after.at(-1)?.status;
        },
        { timeout: 20_000 },
      )
      .toBe(202);
    await expect.poll(async () => (await look(at)).body.status, { timeout: 20_000 }).toBe('ok');
    await expectRows(at, [...before, ...during, ...after]);
    expect(await at.stop()).toBe(0);
  });
});

describe('a read-only data folder', () => {
  it('ends a start, empty or not, with what to do', async () => {
    const disk = await openDisk(256);
    const first = await start(disk);
    const before = await sendMany(first, 'before', 5);
    await expectRows(first, before);
    expect(await first.stop()).toBe(0);
    disk.makeReadOnly();
    const refused = await tryStart({ ...disk, port: await findFreePort() });
    expect(refused).toMatchObject({ code: 'data_dir_unusable', message: expect.stringContaining(disk.dataDir) });
    const empty = await tryStart({ ...disk, dataDir: `${disk.dataDir}/none`, port: await findFreePort() });
    expect(empty).toMatchObject({ code: 'data_dir_unusable', message: expect.stringContaining('DATA_DIR') });
  });
});

describe('a disk that takes no more writes while all runs', () => {
  it('refuses events and loses none that it took; another start takes them again', async () => {
    const dataDir = makeDataDir('refusing');
    folders.push(dataDir);
    // As a file system does that was made read-only for an error: each thread's 40th write to the log fails, and all after.
    const file = join(dataDir, 'log/events.lmdb');
    const refusing = ['-P', file, '-e', 'inject=pwrite64,pwritev,writev:error=EROFS:when=40+'];
    const at = await start({ dataDir, launch: [...trace, ...refusing, '--'], env: { DRAIN_TIMEOUT_MS: '1000' } });
    const answers = await sendMany(at, 'before', 20);
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    // Until all of its threads have come that far.
    const isRefusing = () => answers.slice(-20).every(({ status }) => status === 503);
    for (let turn = 0; turn < 500 && !isRefusing(); turn += 1) answers.push(await send(at, `event ${turn}`));
    expect(isRefusing()).toBe(true);
    expectTakenOrRefused(answers, 'not_durable');
    expect(await look(at)).toMatchObject({ status: 503, body: { dependencies: { log: { status: 'down' } } } });
    expect((await fetch(`${at.url}/health/live`)).status).toBe(200);
    const startedAt = performance.now();
    expect(await at.stop()).toBeTypeOf('number');
    expect(performance.now() - startedAt).toBeLessThan(10_000);

    const again = await start({ dataDir });
    answers.push(await send(again, 'after'));
    expect(answers.at(-1)?.status).toBe(202);
    await expectRows(again, answers);
    expect(await again.stop()).toBe(0);
  });
});

describe('a slow disk', () => {
  it('is waited for, by as many as there is room for; the rest is refused, and health tells how slow', async () => {
    const dataDir = makeDataDir('slow');
    folders.push(dataDir);
    const delay = ['-e', 'inject=fdatasync:delay_enter=100ms'];
    const at = await start({ dataDir, launch: [...trace, ...delay, '--'], env: { INGEST_MAX_IN_FLIGHT: '64' } });
    const sending = sendMany(at, 'slow', 300);
    let answers: Answer[] = [];
    let slowestMs = 0;
    while (answers.length === 0) {
      slowestMs = Math.max(slowestMs, (await look(at)).body.dependencies.log.latency_ms);
      answers = await Promise.race([sending, wait(10).then(() => [])]);
    }
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(64);
    expect(answers.map(({ status }) => status)).toContain(503);
    expectTakenOrRefused(answers, 'overloaded');
    expect(slowestMs).toBeGreaterThan(30);
    expect((await look(at)).body.dependencies).toMatchObject({ log: { status: 'ok' } });
    await expectRows(at, answers);
    expect(await at.stop()).toBe(0);
  });
});
