import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { Clock } from '@px-platform/runtime';
import { createEngine, type Engine } from './engine.ts';
import { createOpenStore, type OpenStore } from './open-store.ts';

/** Opens a ClickHouse server by its URL (`http://user:password@host:8123/database`) and migrates it. */
export async function openServerStore(options: {
  url: string;
  clock: Clock;
  requestTimeoutMs?: number;
}): Promise<OpenStore> {
  const engine = connectServer(options.url, options.requestTimeoutMs);
  return createOpenStore({ write: engine, read: engine, clock: options.clock, isSole: false });
}

/** Gives an engine that speaks HTTP to the server; opens no connection before the first statement. */
export function connectServer(url: string, requestTimeoutMs = 60_000): Engine {
  const client = createClient({
    url,
    request_timeout: requestTimeoutMs,
    compression: { request: true, response: true },
    keep_alive: { enabled: true },
    // A migration that fills a table says nothing for minutes: the timeout is of silence, and progress breaks it.
    clickhouse_settings: {
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: String(Math.ceil(requestTimeoutMs / 2)),
    },
    // Failures are thrown with their cause; the client's own lines would stand between the JSON logs.
    log: { level: ClickHouseLogLevel.OFF },
  });
  return createEngine(client, new URL(url).host);
}
