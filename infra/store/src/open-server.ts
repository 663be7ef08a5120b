import { createClient } from '@clickhouse/client';
import type { Clock } from '@px-platform/runtime';
import { createEngine } from './engine.ts';
import { createOpenStore, type OpenStore } from './open-store.ts';

/** Opens a ClickHouse server by its URL (`http://user:password@host:8123/database`) and migrates it. */
export async function openServerStore(options: {
  url: string;
  clock: Clock;
  requestTimeoutMs?: number;
}): Promise<OpenStore> {
  const { url, clock, requestTimeoutMs = 60_000 } = options;
  const client = createClient({
    url,
    request_timeout: requestTimeoutMs,
    compression: { request: true, response: true },
    keep_alive: { enabled: true },
  });
  const engine = createEngine(client, new URL(url).host);
  return createOpenStore({ write: engine, read: engine, clock, isSole: false });
}
