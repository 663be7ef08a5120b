import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { childrenOf } from '../../infra/runtime/test/children-of.ts';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { fillDisk } from '../src/fill-disk.ts';
import { openPrivateDisk } from '../src/private-disk.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

const engine = fileURLToPath(new URL('../../infra/store/test/chdb-http-server.ts', import.meta.url));
const cleanups: (() => void | Promise<void>)[] = [];

afterAll(async () => {
  for (const cleanUp of cleanups.toReversed()) await cleanUp();
});

function keep(folder: string): string {
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(options: Omit<Parameters<typeof startProcess>[0], 'port'>): Promise<StandaloneProcess> {
  const at = await startProcess({ ...options, port: await findFreePort() });
  cleanups.push(() => (at.hasEnded() ? undefined : at.kill()));
  return at;
}

/** Sends so many batches of 20 events; all are acknowledged, whatever the store does. Gives the names. */
async function send(at: StandaloneProcess, name: string, batches: number): Promise<string[]> {
  const names = Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: 20 }, (__, index) => `${name} ${batch}.${index}`),
  );
  for (const [number, events] of names.entries()) {
    const body = { events: events.map((event) => ({ event, anonymous_id: `visitor ${number}` })) };
    const answer = await fetch(`${at.url}/api/v1/events/batch`, {
      method: 'POST',
      headers: { 'X-API-Key': at.apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([answer.status, await answer.json()]).toMatchObject([202, { accepted: 20 }]);
  }
  return names.flat();
}

async function readNames(at: StandaloneProcess): Promise<unknown[]> {
  await untilDrained(at);
  const rows = await exportRows(at, await makeServerKey(at));
  return rows.map((row) => row['event']).sort();
}

/** Waits until the processor has said so often more that a batch was not taken. */
async function untilRetried(at: StandaloneProcess, times: number): Promise<void> {
  const count = async (): Promise<number> => {
    const text = await (await fetch(`${at.url}/metrics`)).text();
    return Number(/^px_processor_insert_retries_total (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  const before = await count();
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThanOrEqual(before + times);
}

it('takes events while the disk of the store is full, also as its process is killed, and stores each once when there is room', async () => {
  const disk = await openPrivateDisk(256);
  cleanups.push(() => disk.close());
  // The log lies on another disk, which has room.
  const dataDir = keep(makeDataDir('full-store'));
  rmSync(join(dataDir, 'store'), { recursive: true });
  symlinkSync(join(disk.dataDir, 'store'), join(dataDir, 'store'));
  const at = await start({ dataDir, launch: disk.launch, env: { FLUSH_INTERVAL_MS: '20' } });
  const names = await send(at, 'before', 3);
  await untilDrained(at);

  const ballast = join(disk.outside, 'ballast');
  fillDisk(ballast);
  names.push(...(await send(at, 'full', 3)));
  await untilRetried(at, 2);
  for (const processor of childrenOf(at.pid, '/processor-process/')) process.kill(processor, 'SIGKILL');
  names.push(...(await send(at, 'killed', 3)));

  rmSync(ballast);
  names.push(...(await send(at, 'after', 3)));
  expect(await readNames(at)).toEqual(names.toSorted());
  expect(await at.stop()).toBe(0);
});

it('keeps in the log what comes while a ClickHouse server is away, and stores each once when it is back', async () => {
  const folder = keep(mkdtempSync(join(tmpdir(), 'px-away-')));
  const port = await findFreePort();
  let server = await startEngine(folder, port);
  cleanups.push(() => void server.kill('SIGKILL'));
  const at = await start({
    dataDir: keep(makeDataDir('store-away')),
    env: { CLICKHOUSE_URL: `http://127.0.0.1:${port}`, FLUSH_INTERVAL_MS: '20' },
  });
  const names = await send(at, 'before', 3);
  await untilDrained(at);
  // Amid inserts: what came is being stored.
  names.push(...(await send(at, 'going', 5)));
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
  names.push(...(await send(at, 'away', 5)));
  await untilRetried(at, 2);
  server = await startEngine(folder, port);
  names.push(...(await send(at, 'after', 3)));
  expect(await readNames(at)).toEqual(names.toSorted());
  expect(await at.stop()).toBe(0);
});

it('stores each event once while the ways to its ClickHouse are cut in turn, and says which one is used', async () => {
  const port = await findFreePort();
  const server = await startEngine(keep(mkdtempSync(join(tmpdir(), 'px-ways-'))), port);
  cleanups.push(() => void server.kill('SIGKILL'));
  const ways = [await openWay(port), await openWay(port)];
  for (const way of ways) cleanups.push(() => way.cut());
  const at = await start({
    dataDir: keep(makeDataDir('store-ways')),
    env: { CLICKHOUSE_URL: ways.map(({ port: own }) => `http://127.0.0.1:${own}`).join(), FLUSH_INTERVAL_MS: '20' },
  });
  const names = await send(at, 'before', 3);
  await untilDrained(at);
  const findUsed = async (): Promise<Way> => {
    const text = await (await fetch(`${at.url}/metrics`)).text();
    const used = /^px_processor_store_replica_in_use\{replica="127.0.0.1:(\d+)"\} 1$/m.exec(text)?.[1];
    return ways.find(({ port: own }) => String(own) === used) ?? Promise.reject(new Error(`none is in use: ${used}`));
  };
  for (let turn = 0; turn < 3; turn += 1) {
    const used = await findUsed();
    // Amid inserts: what came is being stored.
    names.push(...(await send(at, `going ${turn}`, 5)));
    await used.cut();
    names.push(...(await send(at, `cut ${turn}`, 5)));
    await expect.poll(findUsed, { timeout: 60_000 }).not.toBe(used);
    await used.mend();
  }
  expect(await readNames(at)).toEqual(names.toSorted());
  expect(await at.stop()).toBe(0);
});

/** A way to a port of this machine, on a port of its own. */
interface Way {
  readonly port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

async function openWay(to: number): Promise<Way> {
  const port = await findFreePort();
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const end of [near, far]) {
      open.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        near.destroy();
        far.destroy();
        open.delete(end);
      });
    }
    near.pipe(far).pipe(near);
  });
  const mend = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await mend();
  return {
    port,
    mend,
    async cut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const one of open) one.destroy();
      await closed;
    },
  };
}

async function startEngine(folder: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [engine, folder, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) throw new Error(`the engine's server ended with ${child.exitCode}`);
  return child;
}
