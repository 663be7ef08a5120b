import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type RedisServer, startRedis } from './redis-server.ts';

const rate = 20;
const script = fileURLToPath(new URL('run-limited-server.ts', import.meta.url));

interface LimitedServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly key: string;
}

let redis: RedisServer;
let servers: LimitedServer[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.kill();
  await redis.start();
});
afterEach(async () => {
  await Promise.all(servers.map(({ child }) => stop(child)));
  servers = [];
});

async function startServers(): Promise<void> {
  servers = await Promise.all([startServer(), startServer()]);
}
async function startServer(): Promise<LimitedServer> {
  const child = spawn(process.execPath, [script, redis.url, String(rate)], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) return { child, ...JSON.parse(line) };
  throw new Error('the server ended before it was ready');
}
async function stop(child: ChildProcess): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return exited;
}

/** Sends to the servers in turn, none of which may keep a request waiting; gives how many of each status came. */
async function sendInTurn(count: number, to: readonly LimitedServer[] = servers) {
  const counts: Record<number, number> = {};
  for (let n = 0; n < count; n += 1) {
    const { url, key } = to[n % to.length] ?? { url: '', key: '' };
    const { status } = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: '{"event":"x","anonymous_id":"a"}',
      signal: AbortSignal.timeout(10_000),
    });
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}
const readState = async ({ url }: LimitedServer) => {
  const ready = await fetch(`${url}/health/ready`);
  const { status, dependencies } = JSON.parse(await ready.text());
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return {
    ready: ready.status,
    status,
    redis: dependencies.redis.status,
    shared: /^px_rate_limits_shared (\d)$/m.exec(metrics)?.[1],
  };
};
const isShared = { ready: 200, status: 'ok', redis: 'ok', shared: '1' };
const isAlone = { ready: 200, status: 'degraded', redis: 'down', shared: '0' };
const untilAll = async (state: object) => {
  for (const server of servers) await expect.poll(() => readState(server), { timeout: 15_000 }).toEqual(state);
};

it('two servers share one limit', async () => {
  await startServers();
  await untilAll(isShared);
  expect(await sendInTurn(rate + 10)).toEqual({ 202: rate, 429: 10 });
});

it('with Redis gone, ingest goes on and each server holds the limit by itself; once it is back, they share it again', async () => {
  await startServers();
  await untilAll(isShared);
  expect(await sendInTurn(10)).toEqual({ 202: 10 });
  await redis.kill();
  expect(await sendInTurn(2 * rate + 10)).toEqual({ 202: 2 * rate, 429: 10 });
  await untilAll(isAlone);

  await redis.start();
  await untilAll(isShared);
  expect(await sendInTurn(rate + 10)).toEqual({ 202: rate, 429: 10 });
});

it('a Redis that answers nothing holds up no request but the first', async () => {
  await startServers();
  await untilAll(isShared);
  redis.freeze();
  try {
    const [one] = servers;
    const first = await sendInTurn(1, one === undefined ? [] : [one]);
    expect(first).toEqual({ 202: 1 });
    const next = await sendInTurn(rate + 5);
    expect(next).toEqual({ 202: rate + 5 });
    await untilAll(isAlone);
  } finally {
    redis.thaw();
  }
  await untilAll(isShared);
});

it('a start does not wait for Redis, and a stop does not either', async () => {
  await redis.kill();
  await startServers();
  await untilAll(isAlone);
  expect(await sendInTurn(6)).toEqual({ 202: 6 });
  expect(await Promise.all(servers.map(({ child }) => stop(child)))).toEqual([0, 0]);
  servers = [];
});
