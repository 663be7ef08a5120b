import { connectEventLog } from '@px-platform/log/over-port';
import {
  type Ask,
  allocateYoung,
  askOver,
  createLogger,
  createRequestIds,
  createUuidV7,
  offsetClock,
  openTracer,
  serveCalls,
  type Tracer,
} from '@px-platform/runtime';
import { createServerMetrics, type Listening, listen, openRedisCounters, readSdkFiles } from '@px-platform/server';
import { connectReaders } from '@px-platform/store/over-port';
import { toIpcPort, toParentChannel } from '../ipc-port.ts';
import { connectControl } from './control-over-port.ts';
import { connectCounters } from './counters-over-port.ts';
import type { WorkerStart } from './worker-start.ts';

/** A worker: serves HTTP on the port that all share. What is there once (log, store, control) the primary holds. */
const channel = toParentChannel();
// Ctrl-C in a terminal reaches every process; the primary says when this one ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit(0));

allocateYoung();
const metrics = createServerMetrics();
/** Opened with the server, and closed after it. */
let tracer: Tracer | null = null;
const listening = start(askOver(toIpcPort(channel, 'worker asks')));
listening.catch(() => undefined);
serveCalls(toIpcPort(channel, 'primary asks'), {
  started: async () => (await listening).port,
  stop: async () => {
    await (await listening).close();
    await tracer?.close();
  },
  metrics: () => metrics.registry.getMetricsAsJSON(),
});

async function start(ask: Ask): Promise<Listening> {
  const given = await ask<WorkerStart>('start');
  const clock = offsetClock(given.clockOffsetMs);
  const logger = createLogger({ level: given.logLevel, name: `px-${process.pid}` });
  tracer = await openTracer(given.tracerSettings, metrics);
  const rateCounters =
    given.redisUrl === null ? connectCounters(ask) : openRedisCounters({ url: given.redisUrl, logger, metrics });
  const checks = given.healthChecks.map((name) => [name, () => ask<void>('check', name)] as const);
  return listen({
    config: given.config,
    log: connectEventLog(ask, 'log'),
    auditLog: connectEventLog(ask, 'audit_log'),
    ...connectReaders(ask),
    control: connectControl(ask),
    clock,
    newId: createUuidV7(clock),
    newRequestId: createRequestIds(clock),
    logger,
    metrics,
    tracer,
    adminToken: given.adminToken,
    tokenSecret: Buffer.from(given.tokenSecret),
    rateCounters,
    sdkFiles: readSdkFiles(given.sdkDir),
    demo: given.demo === null ? null : { ...given.demo, sendVisitors: () => ask<number>('sendVisitors') },
    healthChecks: { ...Object.fromEntries(checks), ...rateCounters.healthChecks },
    metricsText: () => ask<string>('metrics'),
  });
}
