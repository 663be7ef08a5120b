import { connectLogReader } from '@px-platform/log/over-port';
import {
  createProcessorMetrics,
  openDatacenterList,
  openGeoDatabase,
  type Processor,
  startProcessor,
} from '@px-platform/processor';
import { createLogger, offsetClock, openTracer, serveCalls, type Tracer } from '@px-platform/runtime';
import { type OpenStore, openEmbeddedStore, openServerStore, toDifferenceText } from '@px-platform/store';
import { toReaderCalls } from '@px-platform/store/over-port';
import { toIpcPort, toParentChannel } from '../ipc-port.ts';
import type { ProcessorStart, StoreStart } from './process-start.ts';
import { whenFree } from './when-free.ts';

/**
 * Processor and engine in a process of their own: reads the logs over the channel to the process that forked it, and
 * serves the store's readers there. Told what to do by `start-processor-process.ts`.
 */
const channel = toParentChannel();
// Ctrl-C in a terminal reaches every process; the one that forked this says when it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Where the other was killed this one ends as suddenly: an orderly exit waits for the engine, whose folder the next start
// needs. What was under way is made again from the committed position.
process.once('disconnect', () => (isClosed ? process.exit(0) : process.kill(process.pid, 'SIGKILL')));

const metrics = createProcessorMetrics();
let clockOffsetMs = 0;
let open: OpenStore | null = null;
let tracer: Tracer | null = null;
let processor: Processor | null = null;
let isClosed = false;

const control = toIpcPort(channel, 'processor');
serveCalls(control, {
  async openStore(start: StoreStart) {
    clockOffsetMs = start.clockOffsetMs;
    const clock = offsetClock(clockOffsetMs);
    const { place } = start;
    open =
      place.kind === 'embedded'
        ? await whenFree(() => openEmbeddedStore({ path: place.path, clock }))
        : await openServerStore({ url: place.url, cluster: place.cluster, clock });
    serveCalls(toIpcPort(channel, 'readers'), toReaderCalls(open));
  },
  async start(start: ProcessorStart) {
    processor = await startOn(opened(open), start);
    processor.ended.catch(() => undefined);
  },
  ended: () => opened(processor).ended,
  check: () => opened(processor).check(),
  async stop(drainMs: number) {
    await processor?.stop(drainMs);
    await tracer?.close();
  },
  async close() {
    await open?.store.close();
    isClosed = true;
  },
  metrics: () => metrics.registry.metrics(),
});

async function startOn(
  { store, auditStore, salts, purges, rollupMaker, joinsMaker, differences }: OpenStore,
  start: ProcessorStart,
): Promise<Processor> {
  const { config, logLevel, tracerSettings, standing, auditStanding } = start;
  const logger = createLogger({ level: logLevel, name: 'px-processor' });
  for (const one of differences) {
    const level = one.kind === 'added' ? 'debug' : 'warn';
    logger[level]({ difference: toDifferenceText(one) }, "the store's tables differ from the DDL");
  }
  tracer = await openTracer(tracerSettings, {
    spansExported: (count) => metrics.spans.inc({ outcome: 'exported' }, count),
    spansFailed: (count) => metrics.spans.inc({ outcome: 'failed' }, count),
    spanDropped: () => metrics.spans.inc({ outcome: 'dropped' }),
  });
  const geo = await openGeoDatabase({
    path: config.GEOIP_DB,
    checkIntervalMs: config.GEOIP_DB_CHECK_INTERVAL_MS,
    count: (outcome) => metrics.geoLoads.inc({ outcome }),
    logger,
  });
  const datacenters =
    config.DATACENTER_DB === undefined
      ? null
      : await openDatacenterList({
          path: config.DATACENTER_DB,
          checkIntervalMs: config.GEOIP_DB_CHECK_INTERVAL_MS,
          count: (outcome) => metrics.datacenterLoads.inc({ outcome }),
          logger,
        });
  const started = startProcessor({
    config,
    reader: connectLogReader(toIpcPort(channel, 'log'), standing),
    store,
    audit: { reader: connectLogReader(toIpcPort(channel, 'audit log'), auditStanding), store: auditStore },
    salts,
    purges,
    geo: geo.database,
    datacenters: datacenters?.list ?? null,
    metrics,
    tracer,
    clock: offsetClock(clockOffsetMs),
    logger,
  });
  const upkeepEnding = new AbortController();
  const rollupsKept = rollupMaker.keep({
    intervalMs: config.ROLLUP_INTERVAL_MS,
    aborted: upkeepEnding.signal,
    onError: (err) =>
      logger.warn({ err }, 'rollups could not be made; questions read the events, and it is tried again'),
  });
  const joinsKept = joinsMaker.keep({
    intervalMs: config.JOINS_INTERVAL_MS,
    aborted: upkeepEnding.signal,
    onError: (err) =>
      logger.warn({ err }, 'who joined whom could not be stored; questions work it out, and it is tried again'),
  });
  return {
    ...started,
    async stop(drainMs) {
      upkeepEnding.abort();
      await started.stop(drainMs);
      await rollupsKept;
      await joinsKept;
      geo.close();
      datacenters?.close();
    },
  };
}

function opened<T>(thing: T | null): T {
  if (thing === null) throw new Error('The processor was asked before it was told to start.');
  return thing;
}
