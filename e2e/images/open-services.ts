import { mkdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { startPostgres } from '../../infra/control/test/postgres-server.ts';
import { startKafka } from '../../infra/log/test/kafka/start-kafka.ts';
import { startRedis } from '../../server/test/redis-server.ts';
import { createPxProcess } from '../src/px-process.ts';

/** Starts what a server and a processor need, on loopback, for the length of a test; gives their settings. `folder` takes the engine's data. */
export async function openServices(folder: string) {
  mkdirSync(folder, { recursive: true });
  const engine = await createPxProcess({ kind: 'engine', name: 'engine', env: { DATA_DIR: folder } });
  onTestFinished(() => engine.kill());
  const closing = async <One extends { close(): Promise<void> }>(starting: Promise<One>): Promise<One> => {
    const one = await starting;
    onTestFinished(() => one.close());
    return one;
  };
  const [kafka, postgres, redis] = await Promise.all([
    closing(startKafka()),
    closing(startPostgres()),
    closing(startRedis()),
    engine.start(),
  ]);
  return {
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
    KAFKA_REPLICATION_FACTOR: '1',
    KAFKA_TOPIC_PARTITIONS: '2',
    CLICKHOUSE_URL: engine.url,
    DATABASE_URL: await postgres.createDatabase(),
    REDIS_URL: redis.url,
    PX_ADMIN_TOKEN: 'an-admin-token-of-tests',
  };
}
