import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

const mib = 1024 ** 2;
const dataDir = makeDataDir('overload');
const taken = new Set<string>();
let at: StandaloneProcess;

const start = async (env: Record<string, string> = {}): Promise<StandaloneProcess> =>
  startProcess({ dataDir, port: await findFreePort(), env });

beforeAll(async () => {
  // A line that is old after 1 ms: what a machine many times as fast would meet under many times the load.
  at = await start({ INGEST_MAX_WAIT_MS: '1', INGEST_MAX_IN_FLIGHT: '2000' });
});
afterAll(async () => {
  if (!at.hasEnded()) await at.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

function toRequest(name: string, events = 1): string {
  const list = Array.from({ length: events }, (_, index) => ({ event: `${name} ${index}`, anonymous_id: name }));
  const body = JSON.stringify({ events: list });
  const head = ['POST /api/v1/events/batch HTTP/1.1', 'Host: px', `X-API-Key: ${at.apiKey}`];
  return [...head, 'Content-Type: application/json', `Content-Length: ${body.length}`, '', body].join('\r\n');
}

interface Client {
  readonly socket: Socket;
  /** The whole of the answers so far. */
  received(): string;
  readonly closed: Promise<unknown>;
}

async function open(): Promise<Client> {
  const socket = connect(Number(new URL(at.url).port), '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => socket.destroy());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}

const openMany = (count: number): Promise<Client[]> => Promise.all(Array.from({ length: count }, open));

/** Notes the events of answers 202; demands of all others that they are refusals as a client needs them. */
function judge(name: string, events: number, answer: string): number {
  const status = Number(answer.slice(9, 12));
  if (status === 202) for (let index = 0; index < events; index += 1) taken.add(`${name} ${index}`);
  else {
    expect(answer, name).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/\r\nRetry-After: [1-5]\r\n/i);
    expect(answer).toContain('"code":"overloaded"');
  }
  return status;
}

async function expectRows(): Promise<void> {
  await untilDrained(at);
  const rows = await exportRows(at, await makeServerKey(at));
  expect(new Set(rows.map((row) => String(row['event'])))).toEqual(taken);
  expect(rows).toHaveLength(taken.size);
}

function readPeakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}

describe('many times the load that it can take', () => {
  it('is refused but for what can be done soon; memory stays bounded, nothing taken is lost, and health is back', async () => {
    const clients = await openMany(400);
    const idleBytes = readPeakBytes(at.pid);
    const statuses: number[] = [];
    const healths: { status: number; body: unknown }[] = [];
    for (let wave = 0; wave < 4; wave += 1) {
      await Promise.all(
        clients.map(async ({ socket, received }, index) => {
          const name = `wave ${wave} ${index}`;
          const before = received().length;
          socket.write(toRequest(name, 40));
          while (!/\}\]?\}$/.test(received().slice(before))) await once(socket, 'data');
          statuses.push(judge(name, 40, received().slice(before)));
        }),
      );
      const health = await fetch(`${at.url}/health/ready`);
      healths.push({ status: health.status, body: await health.json() });
    }
    for (const { socket } of clients) socket.destroy();
    expect(new Set(statuses)).toEqual(new Set([202, 503]));
    expect(healths).toContainEqual({
      status: 200,
      body: expect.objectContaining({
        status: 'degraded',
        dependencies: expect.objectContaining({ ingest: expect.objectContaining({ status: 'down' }) }),
      }),
    });
    expect(readPeakBytes(at.pid) - idleBytes).toBeLessThan(800 * mib);
    await expectRows();
    const isWell = async () => (await (await fetch(`${at.url}/health`)).text()).includes('"status":"ok","version"');
    await expect.poll(isWell, { timeout: 20_000 }).toBe(true);
  });
});

describe('SIGTERM while hundreds of requests are under way', () => {
  it('answers each of them, takes no new connection, ends within 10 s, and loses no 202', async () => {
    await at.stop();
    at = await start({ INGEST_MAX_WAIT_MS: '60000' });
    const clients = await openMany(300);
    for (const [index, { socket }] of clients.entries()) socket.write(toRequest(`last ${index}`));
    // Half of a request is under way too: what is left of it comes while the server stops.
    const late = await open();
    const [head, tail] = [toRequest('late').slice(0, -10), toRequest('late').slice(-10)];
    late.socket.write(head);
    const startedAt = performance.now();
    const stopped = at.stop();
    await Promise.all(clients.map(({ closed }) => closed));
    await expect(open()).rejects.toThrow('ECONNREFUSED');
    late.socket.write(tail);
    await late.closed;
    expect(await stopped).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const statuses = clients.map(({ received }, index) => judge(`last ${index}`, 1, received()));
    expect(statuses).toEqual(statuses.map(() => 202));
    expect(judge('late', 1, late.received())).toBe(202);
    at = await start();
    await expectRows();
  });
});
