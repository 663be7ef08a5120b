import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startPostgres } from '../../infra/control/test/postgres-server.ts';
import { startKafka } from '../../infra/log/test/kafka/start-kafka.ts';
import { startRedis } from '../../server/test/redis-server.ts';
import { createPxProcess } from '../src/px-process.ts';
import { exportRecentRows, makeServerKey } from '../src/standalone-process.ts';
import { makeProject } from './start-stack.ts';

/** With a right checksum: whether it is known, Postgres alone can say. */
const wellFormedKey = 'px_pub_live_DgxsJMh4fq5mdcViBSNorCZALaH8700obv84';
const adminToken = 'an-admin-token-of-tests';

/** Everything that a server and a processor need, made once and gone. */
async function openServices() {
  const folder = mkdtempSync(join(tmpdir(), 'px-late-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const engine = await createPxProcess({ kind: 'engine', name: 'engine', env: { DATA_DIR: join(folder, 'store') } });
  onTestFinished(() => engine.kill());
  const [kafka, postgres, redis] = await Promise.all([startKafka(), startPostgres(), startRedis()]);
  for (const one of [kafka, postgres, redis]) onTestFinished(() => one.close());
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
    KAFKA_REPLICATION_FACTOR: '1',
    KAFKA_TOPIC_PARTITIONS: '2',
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    CLICKHOUSE_URL: engine.url,
    DATABASE_URL: await postgres.createDatabase(),
    REDIS_URL: redis.url,
    PX_ADMIN_TOKEN: adminToken,
    FLUSH_INTERVAL_MS: '20',
  };
  const [broker] = kafka.brokers;
  if (broker === undefined) throw new Error('there is no broker');
  await Promise.all([broker.kill(), postgres.kill(), redis.kill()]);
  const create = async (kind: 'server' | 'processor') => {
    const one = await createPxProcess({ kind, name: kind, env: { ...env, DATA_DIR: join(folder, kind) } });
    onTestFinished(() => one.kill());
    return one;
  };
  return { engine, broker, postgres, redis, server: await create('server'), processor: await create('processor') };
}

async function readHealth(url: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await fetch(`${url}/health/ready`);
  return { status: answer.status, body: Object(await answer.json()) };
}

function send(url: string, apiKey: string, event: string): Promise<Response> {
  return fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ event, anonymous_id: 'ann' }),
  });
}

it('starts a server and a processor while all that they need is away, and each part is used as it comes', async () => {
  const { engine, broker, postgres, redis, server, processor } = await openServices();
  await Promise.all([server.start(), processor.start()]);

  // Nobody can say whose key it is: sent again, it may be taken.
  const unknown = await send(server.url, wellFormedKey, 'too early');
  expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await send(server.url, 'px_pub_live_no', 'bad')).status).toBe(401);
  const down = { status: 'down' };
  expect(await readHealth(server.url)).toMatchObject({
    status: 503,
    body: { dependencies: { control: down, store: down, spool: { status: 'ok' } } },
  });
  await expect
    .poll(async () => (await readHealth(processor.url)).body)
    .toMatchObject({
      status: 'down',
      reason: expect.stringMatching(/^the processor is warming, and waits: .*ClickHouse/),
    });

  await postgres.start();
  await expect.poll(async () => (await readHealth(server.url)).status, { timeout: 30_000 }).toBe(200);
  const project = await makeProject(server.url);
  expect((await send(server.url, project.apiKey, 'spooled')).status).toBe(202);
  expect(await readHealth(server.url)).toMatchObject({
    body: { status: 'degraded', dependencies: { control: { status: 'ok' }, store: down, broker: down } },
  });

  await engine.start();
  await Promise.all([broker.start(), redis.start()]);
  expect((await send(server.url, project.apiKey, 'later')).status).toBe(202);
  const key = await makeServerKey({ url: server.url, adminToken, ...project });
  const readNames = async () => (await exportRecentRows(server, key)).map((row) => String(row['event'])).sort();
  await expect.poll(readNames, { timeout: 90_000, interval: 250 }).toEqual(['later', 'spooled']);
  await expect
    .poll(async () => (await readHealth(server.url)).body, { timeout: 30_000 })
    .toMatchObject({ status: 'ok' });
  expect((await readHealth(processor.url)).status).toBe(200);
  expect(await Promise.all([server.stop(), processor.stop()])).toEqual([0, 0]);
});
