import { setTimeout } from 'node:timers/promises';
import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { type AppError, type Clock, openLate } from '@px-platform/runtime';
import { createLateEngine } from './create-late-engine.ts';
import { createEngine, type Engine, sendAsBody } from './engine.ts';
import {
  createOpenStore,
  type OpenStore,
  type Preparation,
  prepareTables,
  toChangeEngine,
  toOpenStore,
} from './open-store.ts';
import { awaitQuorum } from './replicas/await-quorum.ts';
import { failOver, type ReplicaSet } from './replicas/fail-over.ts';
import { type Replica, type ReplicaPace, type ReplicaTelemetry, replicaPace } from './replicas/replica.ts';
import { readIdentity } from './replicas/replica-identity.ts';
import { toServerName } from './replicas/server-urls.ts';

/** Servers of one store: by their URLs (`http://user:password@host:8123/database`), nodes of `cluster` where there is one. */
export interface ServerOptions {
  readonly urls: readonly string[];
  readonly cluster?: string | null;
  readonly requestTimeoutMs?: number;
  readonly pace?: ReplicaPace;
  readonly telemetry?: ReplicaTelemetry;
}

/**
 * Opens the store on servers and migrates it; with `cluster`, tables are made on all its nodes. Throws `config_invalid` where a server knows
 * no such cluster, or two of them stand for different stores.
 */
export async function openServerStore(options: ServerOptions & { readonly clock: Clock }): Promise<OpenStore> {
  const { cluster = null, clock } = options;
  const { engine, check } = await connectServers(options);
  const open = await createOpenStore({ write: engine, read: engine, upkeep: engine, clock, isSole: false, cluster });
  return { ...open, checkReplicas: check };
}

/** A server that may be away at the start: who hears that it is, and what its migration comes to. */
interface LateOptions extends ServerOptions {
  readonly clock: Clock;
  readonly onAway: (error: AppError) => void;
  readonly onPrepared: (preparation: Preparation) => void;
}

/**
 * As `openServerStore` for servers that may be away: then the store is migrated as soon as somebody asks for it and it can be, and each
 * call throws `store_unavailable` until then.
 */
export async function openLateServerStore(options: LateOptions): Promise<OpenStore> {
  const { clock, onAway } = options;
  const late = await openLate(() => openPrepared(options), {
    what: 'The event store',
    away: 'store_unavailable',
    close: ({ engine }) => engine.close(),
    onAway,
  });
  const engine = createLateEngine(async () => (await late.reach()).engine, late.close);
  const change = createLateEngine(async () => (await late.reach()).change, late.close);
  const open = toOpenStore({ write: engine, read: engine, upkeep: engine, change }, clock);
  return { ...open, checkReplicas: async () => (await late.reach()).check() };
}

async function openPrepared(options: LateOptions): Promise<ReplicaSet & { readonly change: Engine }> {
  const { cluster = null, clock, onPrepared } = options;
  const { engine, check } = await connectServers(options);
  try {
    const preparation = await prepareTables(engine, { clock, isSole: false, cluster });
    onPrepared(preparation);
    return { engine, check, change: toChangeEngine(engine, preparation.cluster) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Gives one engine over all servers. Asks nothing where there is one, who they are where there are several. Throws as `failOver` does. */
export async function connectServers(options: ServerOptions): Promise<ReplicaSet> {
  const { urls, cluster = null, requestTimeoutMs = 60_000, pace = replicaPace, telemetry = silent } = options;
  const [url = ''] = urls;
  const { engine, check } =
    urls.length === 1
      ? { engine: connect(url, requestTimeoutMs, cluster), check: async () => undefined }
      : await failOver({
          replicas: urls.map((one) => toReplica(one, cluster, requestTimeoutMs, pace)),
          cluster,
          // Servers and processors share the work of coordinating among the nodes.
          startAt: Math.floor(Math.random() * urls.length),
          stopwatch: () => performance.now(),
          pace,
          telemetry,
        });
  const patience = { wait: setTimeout, random: Math.random, maxTries: 30 };
  return { engine: cluster === null ? engine : awaitQuorum(engine, patience), check };
}

/** Gives an engine that speaks HTTP to one server; opens no connection before the first statement. */
export function connectServer(url: string, requestTimeoutMs = 60_000): Engine {
  return connect(url, requestTimeoutMs, null);
}

function toReplica(url: string, cluster: string | null, requestTimeoutMs: number, pace: ReplicaPace): Replica {
  const engine = connect(url, requestTimeoutMs, cluster);
  // With connections of its own: those of a server that hangs are all in use.
  const probe = connect(url, pace.probeTimeoutMs, cluster);
  return {
    name: toServerName(url),
    engine,
    identify: () => readIdentity(probe, cluster),
    async close() {
      await engine.close();
      await probe.close();
    },
  };
}

function connect(url: string, requestTimeoutMs: number, cluster: string | null): Engine {
  const client = createClient({
    url,
    request_timeout: requestTimeoutMs,
    // What is worth packing is packed where it is sent.
    compression: { request: false, response: true },
    keep_alive: { enabled: true },
    // A migration that fills a table says nothing for minutes: the timeout is of silence, and progress breaks it.
    clickhouse_settings: {
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: String(Math.ceil(requestTimeoutMs / 2)),
      ...(cluster === null ? {} : toClusterSettings(requestTimeoutMs)),
    },
    // Failures are thrown with their cause; the client's own lines would stand between the JSON logs.
    log: { level: ClickHouseLogLevel.OFF },
  });
  return createEngine(client, toServerName(url), sendAsBody);
}

/** What is needed for a cluster to answer as one server does: docs/adr/0033-replicas-and-failing-over.md. */
function toClusterSettings(requestTimeoutMs: number): ClickHouseSettings {
  return {
    // An insert is answered once the shards have it, not once it is queued, and by the rows' own name.
    distributed_foreground_insert: 1,
    async_insert: 0,
    // What was inserted is on most replicas and is seen by the next question, whichever replica answers: sessions are
    // derived from rows just stored, and a start asks which rows are held.
    insert_quorum: 'auto',
    insert_quorum_parallel: 0,
    select_sequential_consistency: '1',
    // The server gives up before its caller does, and says so.
    insert_quorum_timeout: Math.ceil(requestTimeoutMs * 0.8),
    // Of each shard the same replica for all, as long as it is there: it has what was inserted last.
    load_balancing: 'in_order',
    distributed_insert_skip_read_only_replicas: 1,
    // Both sides of a join, and the right side of IN, are of all shards.
    distributed_product_mode: 'global',
    parallel_distributed_insert_select: '0',
    // Rows that are deleted are gone from each replica.
    lightweight_deletes_sync: '2',
  };
}

const silent: ReplicaTelemetry = { used() {}, left() {}, returned() {} };
