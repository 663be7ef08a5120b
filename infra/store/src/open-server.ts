import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import type { Clock } from '@px-platform/runtime';
import { createEngine, type Engine, sendAsBody } from './engine.ts';
import { createOpenStore, type OpenStore } from './open-store.ts';

/**
 * Opens a ClickHouse server by its URL (`http://user:password@host:8123/database`) and migrates it; with `cluster`, the
 * server is one node of it, and tables are made on all. Throws `config_invalid` where the server knows no such cluster.
 */
export async function openServerStore(options: {
  url: string;
  cluster?: string | null;
  clock: Clock;
  requestTimeoutMs?: number;
}): Promise<OpenStore> {
  const { url, cluster = null, clock, requestTimeoutMs = 60_000 } = options;
  const engine = cluster === null ? connectServer(url, requestTimeoutMs) : connectCluster(url, requestTimeoutMs);
  return createOpenStore({ write: engine, read: engine, upkeep: engine, clock, isSole: false, cluster });
}

/** Gives an engine that speaks HTTP to the server; opens no connection before the first statement. */
export function connectServer(url: string, requestTimeoutMs = 60_000): Engine {
  return connect(url, requestTimeoutMs, {});
}

/** As `connectServer`, with what is needed for a cluster to answer as one server does. */
export function connectCluster(url: string, requestTimeoutMs = 60_000): Engine {
  return connect(url, requestTimeoutMs, clusterSettings);
}

function connect(url: string, requestTimeoutMs: number, settings: ClickHouseSettings): Engine {
  const client = createClient({
    url,
    request_timeout: requestTimeoutMs,
    compression: { request: true, response: true },
    keep_alive: { enabled: true },
    // A migration that fills a table says nothing for minutes: the timeout is of silence, and progress breaks it.
    clickhouse_settings: {
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: String(Math.ceil(requestTimeoutMs / 2)),
      ...settings,
    },
    // Failures are thrown with their cause; the client's own lines would stand between the JSON logs.
    log: { level: ClickHouseLogLevel.OFF },
  });
  return createEngine(client, new URL(url).host, sendAsBody);
}

const clusterSettings: ClickHouseSettings = {
  // An insert is answered once the shards have it, not once it is queued.
  distributed_foreground_insert: 1,
  // What was inserted is on most replicas and is seen by the next question, whichever replica answers: sessions are
  // derived from rows just stored, and a start asks which rows are held.
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  select_sequential_consistency: '1',
  // Both sides of a join, and the right side of IN, are of all shards.
  distributed_product_mode: 'global',
  parallel_distributed_insert_select: '0',
};
