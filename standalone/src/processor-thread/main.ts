import { workerData } from 'node:worker_threads';
import { connectLogReader } from '@px-platform/log/over-port';
import { createProcessorMetrics, openGeoDatabase, type Processor, startProcessor } from '@px-platform/processor';
import { createLogger, offsetClock, openTracer, serveCalls } from '@px-platform/runtime';
import { connectStores } from '@px-platform/store/over-port';
import type { ThreadData } from './thread-data.ts';

/** The processor on a thread of its own: reads the logs and writes to the store over ports to the main thread. */
const { config, logLevel, tracerSettings, clockOffsetMs, standing, auditStanding, ports } = workerData as ThreadData;
const metrics = createProcessorMetrics();
const opening = openTracer(tracerSettings, {
  spansExported: (count) => metrics.spans.inc({ outcome: 'exported' }, count),
  spansFailed: (count) => metrics.spans.inc({ outcome: 'failed' }, count),
  spanDropped: () => metrics.spans.inc({ outcome: 'dropped' }),
});
const starting = start();

serveCalls(ports.control, {
  started: async () => {
    await starting;
  },
  ended: async () => (await starting).ended,
  check: async () => (await starting).check(),
  stop: async (drainMs: number) => {
    await (await starting).stop(drainMs);
    await (await opening)?.close();
  },
  metrics: () => metrics.registry.metrics(),
});

async function start(): Promise<Processor> {
  const logger = createLogger({ level: logLevel, name: 'px-processor' });
  const stores = connectStores(ports.store);
  return startProcessor({
    config,
    reader: connectLogReader(ports.log, standing),
    store: stores.events,
    audit: { reader: connectLogReader(ports.auditLog, auditStanding), store: stores.audit },
    geo: await openGeoDatabase({ path: config.GEOIP_DB, logger }),
    metrics,
    tracer: await opening,
    clock: offsetClock(clockOffsetMs),
    logger,
  });
}
