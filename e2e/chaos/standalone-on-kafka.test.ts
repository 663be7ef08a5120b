import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type KafkaCluster, startKafka } from '../../infra/log/test/kafka/start-kafka.ts';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

let kafka: KafkaCluster | undefined;
const dataDir = makeDataDir('on-kafka');

beforeAll(async () => {
  kafka = await startKafka();
}, 120_000);
afterAll(async () => {
  await kafka?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function send(at: StandaloneProcess, name: string): Promise<number> {
  const events = Array.from({ length: 10 }, (_, index) => ({
    event: `${name} ${index}`,
    anonymous_id: `visitor ${index}`,
  }));
  const answer = await fetch(`${at.url}/api/v1/events/batch`, {
    method: 'POST',
    headers: { 'X-API-Key': at.apiKey, 'Content-Type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  return answer.status;
}

it('is one server and one processor on Kafka, takes events while the broker is away, also over a kill of its own, and stores each once', async () => {
  const [broker] = kafka?.brokers ?? [];
  if (kafka === undefined || broker === undefined) throw new Error('there is no broker');
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
    KAFKA_REPLICATION_FACTOR: '1',
    KAFKA_TOPIC_PARTITIONS: '2',
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    FLUSH_INTERVAL_MS: '20',
  };
  const port = await findFreePort();
  let at = await startProcess({ dataDir, port, env });
  onTestFinished(async () => (at.hasEnded() ? undefined : at.kill()));
  expect(await send(at, 'before')).toBe(202);
  await untilDrained(at);

  await broker.kill();
  expect(await send(at, 'away')).toBe(202);
  await at.kill();
  at = await startProcess({ dataDir, port, env });
  expect(await send(at, 'still away')).toBe(202);
  const status = await (
    await fetch(`${at.url}/api/v1/events/queue/status`, { headers: { 'X-API-Key': at.apiKey } })
  ).json();
  expect(status).toMatchObject({ backend: 'kafka', spool: { in_use: true } });

  await broker.start();
  await untilDrained(at, 120_000);
  const rows = await exportRows(at, await makeServerKey(at));
  const names = rows.map((row) => String(row['event'])).sort();
  const expected = ['before', 'away', 'still away'].flatMap((name) =>
    Array.from({ length: 10 }, (_, n) => `${name} ${n}`),
  );
  expect(names).toEqual(expected.sort());
  expect(await at.stop()).toBe(0);
});
