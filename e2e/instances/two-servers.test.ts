import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../../infra/control/test/postgres-server.ts';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { type RedisServer, startRedis } from '../../server/test/redis-server.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { type StandaloneProcess, startProcess } from '../src/standalone-process.ts';

let postgres: PostgresServer;
let redis: RedisServer;
let servers: StandaloneProcess[] = [];
const dataDirs: string[] = [];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const env = { DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url };
  const start = async () => {
    const dataDir = makeDataDir('instances');
    dataDirs.push(dataDir);
    return startProcess({ dataDir, port: await findFreePort(), env });
  };
  servers = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await redis?.close();
  await postgres?.close();
  for (const dataDir of dataDirs) await rm(dataDir, { recursive: true, force: true });
});

function pair(): [StandaloneProcess, StandaloneProcess] {
  const [one, other] = servers;
  if (one === undefined || other === undefined) throw new Error('two servers were to start');
  return [one, other];
}
async function admin(server: StandaloneProcess, path: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(`${server.url}/admin/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return JSON.parse(await answer.text());
}
async function send(server: StandaloneProcess, key: string): Promise<number> {
  const answer = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{"event":"x","anonymous_id":"a1"}',
  });
  return answer.status;
}

test('servers on one Postgres know the same projects and keys, and a revocation holds on each within 5 s', async () => {
  const [one, other] = pair();
  expect(one.projectId).toBe(other.projectId);
  const { key, key_id } = await admin(one, `/projects/${one.projectId}/keys`, { kind: 'srv', name: 'shared' });
  expect([await send(one, String(key)), await send(other, String(key))]).toEqual([202, 202]);
  await admin(other, `/keys/${key_id}/revoke`, {});
  const revokedAt = Date.now();
  for (const server of [one, other]) {
    await expect.poll(() => send(server, String(key)), { timeout: 10_000, interval: 100 }).toBe(403);
  }
  expect(Date.now() - revokedAt).toBeLessThan(5_000);
});

test('servers on one Redis hold one rate', async () => {
  const [one, other] = pair();
  for (const server of [one, other]) {
    const ready = async () => JSON.parse(await (await fetch(`${server.url}/health/ready`)).text()).dependencies;
    await expect.poll(ready, { timeout: 10_000 }).toMatchObject({ redis: { status: 'ok' }, control: { status: 'ok' } });
  }
  const { key } = await admin(one, `/projects/${one.projectId}/keys`, {
    kind: 'srv',
    name: 'held',
    rate_per_minute: 10,
  });
  const statuses: number[] = [];
  for (let n = 0; n < 15; n += 1) statuses.push(await send(n % 2 === 0 ? one : other, String(key)));
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 202), ...Array.from({ length: 5 }, () => 429)]);
});

test('with Postgres away, a key that was known a moment ago is taken, another is put off, and both are taken when it is back', async () => {
  const [one] = pair();
  const { key } = await admin(one, `/projects/${one.projectId}/keys`, { kind: 'srv', name: 'cached' });
  const { key: fresh } = await admin(one, `/projects/${one.projectId}/keys`, { kind: 'srv', name: 'fresh' });
  expect(await send(one, String(key))).toBe(202);
  await postgres.kill();
  try {
    expect([await send(one, String(key)), await send(one, String(fresh))]).toEqual([202, 503]);
    const ready = await fetch(`${one.url}/health/ready`);
    expect([ready.status, JSON.parse(await ready.text())]).toMatchObject([
      503,
      { dependencies: { control: { status: 'down' } } },
    ]);
  } finally {
    await postgres.start();
  }
  await expect.poll(() => send(one, String(fresh)), { timeout: 10_000 }).toBe(202);
  expect(await send(one, String(key))).toBe(202);
});
