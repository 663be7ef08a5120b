import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '../../infra/control/test/postgres-server.ts';
import { type KafkaCluster, startKafka } from '../../infra/log/test/kafka/start-kafka.ts';
import { type RedisServer, startRedis } from '../../server/test/redis-server.ts';
import { createPxProcess, type PxProcess } from '../src/px-process.ts';
import type { StandaloneProcess } from '../src/standalone-process.ts';
import { type Network, openNetwork, type Place } from './network/open-network.ts';

const adminToken = 'an-admin-token-of-tests';

/** Where the parts of a stack run: each on a line of its own. */
export interface StackPlaces {
  readonly brokers: readonly Place[];
  readonly postgres: Place;
  readonly redis: Place;
  readonly engine: Place;
  readonly servers: readonly Place[];
  readonly processors: readonly Place[];
}

/** The same house as `docker/compose.staging.yml`, from binaries on a network of its own. */
export interface Stack {
  readonly network: Network;
  readonly places: StackPlaces;
  readonly kafka: KafkaCluster;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  /** The engine behind ClickHouse's HTTP interface. */
  readonly engine: PxProcess;
  readonly servers: readonly PxProcess[];
  readonly processors: readonly PxProcess[];
  /** A server as clients see it, with a project made for them. */
  readonly clients: readonly Pick<StandaloneProcess, 'url' | 'apiKey' | 'projectId' | 'adminToken'>[];
  close(): Promise<void>;
}

/** Starts brokers, Postgres, Redis and the engine, then servers and processors on them, and makes a project with a browser key. */
export async function startStack(options: {
  readonly brokers: 1 | 3;
  readonly servers: number;
  readonly processors: number;
  readonly partitions: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Of servers and processors: arguments for Node.js itself, and a folder for what they write. */
  readonly execArgv?: readonly string[];
  readonly outputFolder?: string;
  /** Gives by which way servers and processors reach the engine at `url`; straight unless given. */
  readonly openWayToEngine?: (url: string) => Promise<string>;
  /** One of its own unless given. */
  readonly network?: Network;
}): Promise<Stack> {
  const { execArgv = [], outputFolder } = options;
  const folder = mkdtempSync(join(tmpdir(), 'px-stack-'));
  const closings: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closings.toReversed()) await end();
  };
  try {
    const network = keep(options.network ?? (await openNetwork()), closings);
    const places = await openPlaces(network, options);
    const engine = await createPxProcess({
      kind: 'engine',
      name: 'engine',
      env: { DATA_DIR: join(folder, 'store') },
      ...places.engine,
    });
    closings.push(() => engine.kill());
    const [kafka, postgres, redis] = await Promise.all([
      startKafka({ brokers: options.brokers, places: places.brokers }).then((one) => keep(one, closings)),
      startPostgres(places.postgres).then((one) => keep(one, closings)),
      startRedis(places.redis).then((one) => keep(one, closings)),
      engine.start(),
    ]);
    const settings = {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
      KAFKA_REPLICATION_FACTOR: String(options.brokers),
      KAFKA_TOPIC_PARTITIONS: String(options.partitions),
      CLICKHOUSE_URL: await (options.openWayToEngine?.(engine.url) ?? engine.url),
      DATABASE_URL: await postgres.createDatabase(),
      REDIS_URL: redis.url,
      PX_ADMIN_TOKEN: adminToken,
      ...options.env,
    };
    const create = (kind: 'server' | 'processor', at: readonly Place[]): Promise<PxProcess[]> =>
      Promise.all(
        at.map(async (place, number) => {
          const name = `${kind} ${number}`;
          const output = outputFolder === undefined ? {} : { outputFile: join(outputFolder, `${name}.log`) };
          const env = { ...settings, DATA_DIR: join(folder, name) };
          const one = await createPxProcess({ kind, name, env, ...place, execArgv, ...output });
          closings.push(() => one.kill());
          return one;
        }),
      );
    const servers = await create('server', places.servers);
    const processors = await create('processor', places.processors);
    // The first one makes tables and topics.
    for (const one of servers) await one.start();
    await Promise.all(processors.map((one) => one.start()));
    const project = await makeProject(servers[0]?.url ?? '');
    const clients = servers.map(({ url }) => ({ url, adminToken, ...project }));
    return { network, places, kafka, postgres, redis, engine, servers, processors, clients, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPlaces(
  network: Network,
  counts: { readonly brokers: number; readonly servers: number; readonly processors: number },
): Promise<StackPlaces> {
  const openSome = async (count: number): Promise<Place[]> => {
    const places: Place[] = [];
    while (places.length < count) places.push(await network.addPlace());
    return places;
  };
  return {
    brokers: await openSome(counts.brokers),
    postgres: await network.addPlace(),
    redis: await network.addPlace(),
    engine: await network.addPlace(),
    servers: await openSome(counts.servers),
    processors: await openSome(counts.processors),
  };
}

function keep<Closable extends { close(): Promise<void> }>(
  one: Closable,
  closings: (() => Promise<unknown>)[],
): Closable {
  closings.push(() => one.close());
  return one;
}

/** Makes a project with a browser key. */
export async function makeProject(url: string): Promise<{ projectId: string; apiKey: string }> {
  await ask(url, '/tenants', { slug: 'chaos', tier: 'enterprise' });
  const { project_id } = await ask(url, '/projects', { tenant: 'chaos', name: 'shop' });
  const { key } = await ask(url, `/projects/${project_id}/keys`, { kind: 'pub', name: 'page' });
  return { projectId: String(project_id), apiKey: String(key) };
}

async function ask(url: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/admin/v1${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return JSON.parse(await answer.text());
}
