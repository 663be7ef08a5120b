import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

const script = fileURLToPath(new URL('hold-connections.ts', import.meta.url));
const maxConnections = 10_000;
const dataDir = makeDataDir('idle');
let at: StandaloneProcess;
let serverKey: string;
const holders: ChildProcess[] = [];

beforeAll(async () => {
  // Long enough to open them all on a slow machine: here the limit closes connections, not their time.
  const env = {
    HEADERS_TIMEOUT_MS: '120000',
    KEEP_ALIVE_TIMEOUT_MS: '120000',
    MAX_CONNECTIONS: String(maxConnections),
  };
  at = await startProcess({ dataDir, port: await findFreePort(), env });
  serverKey = await makeServerKey(at);
});
afterAll(async () => {
  for (const holder of holders) holder.kill();
  await at.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Opens connections from a process of their own; settles once all have been. */
async function hold(count: number): Promise<ChildProcess> {
  const holder = spawn(process.execPath, [script, new URL(at.url).port, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(holder);
  let text = '';
  holder.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await expect.poll(() => text, { timeout: 90_000, interval: 100 }).toContain('OPEN\n');
  return holder;
}

async function readMetrics(): Promise<(name: string) => number> {
  const text = await (await fetch(`${at.url}/metrics`)).text();
  return (name) => Number(new RegExp(`^${name} ([\\d.e+]+)$`, 'm').exec(text)?.[1]);
}

/** Sends an event on a connection of its own; gives its status and how long it took. */
async function sendOne(event: string): Promise<{ status: number; ms: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${at.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'x-api-key': at.apiKey, 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ event, anonymous_id: 'a' }),
  });
  await response.text();
  return { status: response.status, ms: performance.now() - startedAt };
}

it('answers while 10,500 connections are opened and left idle, keeps 10,000 of them, in bounded memory', async () => {
  const before = (await readMetrics())('process_resident_memory_bytes');
  const holder = await hold(maxConnections + 500);
  const answers = [];
  for (let n = 0; n < 20; n += 1) answers.push(await sendOne('among idle ones'));
  const metrics = await readMetrics();
  const grownMiB = (metrics('process_resident_memory_bytes') - before) / 1024 / 1024;

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_000);
  expect(metrics('px_http_connections')).toBe(maxConnections);
  expect(metrics('px_http_connections_shed_total')).toBeGreaterThanOrEqual(500);
  expect(grownMiB).toBeLessThan(512);

  holder.kill();
  await expect.poll(async () => (await readMetrics())('px_http_connections'), { timeout: 30_000 }).toBeLessThan(10);
  expect((await sendOne('after them')).status).toBe(202);
  await untilDrained(at);
  const rows = await exportRows(at, serverKey);
  expect(rows.filter(({ event }) => event === 'among idle ones')).toHaveLength(20);
});
