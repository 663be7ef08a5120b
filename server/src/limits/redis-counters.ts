import type { Logger } from '@px-platform/runtime';
import { createClient } from '@redis/client';
import { MemoryStore } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import type { ServerMetrics } from '../metrics.ts';
import { createFallbackStore, type SharedState } from './fallback-store.ts';
import type { RateCounters } from './rate-counters.ts';

/** Longer than any answer of a Redis that is well; a request waits so long once, when it goes away. */
const timeoutMs = 250;
const probeMs = 500;
const maxReconnectMs = 2_000;

/**
 * Opens counters in a Redis that several servers share. While it can't be reached, each counts in memory, and looks every
 * half second whether it is back; the start does not wait for it. Never throws.
 */
export function openRedisCounters(options: {
  readonly url: string;
  readonly logger: Logger;
  readonly metrics: Pick<ServerMetrics, 'limitsShared'>;
}): RateCounters {
  const { url, logger, metrics } = options;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, maxReconnectMs) },
  });
  const own: MemoryStore[] = [];
  const preparations: (() => Promise<void>)[] = [];
  let isShared = false;
  let why: unknown = new Error('not connected yet');

  const turn = (next: boolean, cause: unknown) => {
    why = cause;
    metrics.limitsShared(next);
    if (next === isShared) return;
    isShared = next;
    if (next) logger.info('rate limits are shared in Redis');
    else logger.warn({ err: cause }, 'Redis does not answer: each server holds rate limits by itself until it does');
  };
  const state: SharedState = {
    isShared: () => isShared,
    lost: (cause) => turn(false, cause),
    onReturn: (prepare) => preparations.push(prepare),
  };

  // A client without a listener for errors throws them.
  client.on('error', (cause: unknown) => turn(false, cause));
  // Rejects only where it is closed before it ever connected.
  client.connect().catch(() => undefined);
  let isProbing = false;
  const probe = async () => {
    if (isShared || isProbing || !client.isReady) return;
    isProbing = true;
    try {
      for (const prepare of preparations) await prepare();
      turn(true, null);
    } catch (cause) {
      turn(false, cause);
    } finally {
      isProbing = false;
    }
  };
  client.on('ready', () => void probe());
  const timer = setInterval(() => void probe(), probeMs);
  timer.unref();
  metrics.limitsShared(false);

  return {
    toStore(window) {
      const memory = new MemoryStore();
      own.push(memory);
      const prefix = `px:rate:${window}:`;
      const shared = new RedisStore({ prefix, sendCommand: (...command: string[]) => client.sendCommand(command) });
      return createFallbackStore({ shared, own: memory, state, timeoutMs });
    },
    healthChecks: {
      async redis() {
        if (!isShared) throw new Error('Redis does not answer: rate limits are held by each server', { cause: why });
      },
    },
    async close() {
      clearInterval(timer);
      for (const store of own) store.shutdown();
      client.destroy();
    },
  };
}
