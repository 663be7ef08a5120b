import type { LogGroup, LogReader } from '@px-platform/log';
import { type Clock, createLogger, openTracer, type TracerSettings } from '@px-platform/runtime';
import type { OpenStore } from '@px-platform/store';
import type { ProcessorConfig } from './config.ts';
import { openDatacenterList } from './datacenter/open-datacenter-list.ts';
import { openGeoDatabase } from './geo/open-geo-database.ts';
import type { LetterTopic } from './letters/letter-topic.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { type Processor, startProcessor } from './processor.ts';
import { tellDifferences } from './tell-differences.ts';

/** What a process gives to its processor. */
export interface ProcessorSettings {
  readonly config: ProcessorConfig;
  readonly logLevel: string;
  /** Null where nobody takes traces. */
  readonly tracerSettings: TracerSettings | null;
}

/**
 * Opens what the processor looks up in files, starts it on a store and its logs, and keeps the store's rollups and joins while it
 * leads. Its `stop` closes what was opened, and leaves store and logs to who gave them. Throws `geo_database_unreadable`
 * and what else can't be begun with.
 */
export async function openProcessor(
  { config, logLevel, tracerSettings }: ProcessorSettings,
  given: {
    readonly store: OpenStore;
    readonly log: LogReader | LogGroup;
    readonly auditLog: LogReader | LogGroup;
    /** The processor's to close; none where there are no brokers. */
    readonly letterTopic?: LetterTopic;
    readonly metrics: ProcessorMetrics;
    readonly clock: Clock;
  },
): Promise<Processor> {
  const { store, metrics, clock } = given;
  const logger = createLogger({ level: logLevel, name: 'px-processor' });
  tellDifferences(logger, store.differences);
  const tracer = await openTracer(tracerSettings, {
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
    log: given.log,
    store: store.store,
    audit: { log: given.auditLog, store: store.auditStore },
    letterTopic: given.letterTopic ?? null,
    salts: store.salts,
    purges: store.purges,
    geo: geo.database,
    datacenters: datacenters?.list ?? null,
    upkeep: [
      (aborted) =>
        store.rollupMaker.keep({
          intervalMs: config.ROLLUP_INTERVAL_MS,
          aborted,
          onError: (err) =>
            logger.warn({ err }, 'rollups could not be made; questions read the events, and it is tried again'),
        }),
      (aborted) =>
        store.joinsMaker.keep({
          intervalMs: config.JOINS_INTERVAL_MS,
          aborted,
          onError: (err) =>
            logger.warn({ err }, 'who joined whom could not be stored; questions work it out, and it is tried again'),
        }),
    ],
    metrics,
    tracer,
    clock,
    logger,
  });
  return {
    ...started,
    async stop(drainMs) {
      await started.stop(drainMs);
      await given.letterTopic?.close();
      geo.close();
      datacenters?.close();
      await tracer?.close();
    },
  };
}
