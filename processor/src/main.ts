import { toKafkaSettings } from '@px-platform/log';
import {
  allocateYoung,
  createLogger,
  type ProcessRun,
  parseConfig,
  runProcess,
  systemClock,
  toTracerSettings,
} from '@px-platform/runtime';
import { openLateServerStore } from '@px-platform/store';
import { processorProcessConfigSchema, readEnvironment } from './config.ts';
import { createProcessorMetrics } from './metrics.ts';
import { openLogs } from './open-logs.ts';
import { openProcessor } from './open-processor.ts';
import { createReplicaTelemetry } from './replica-telemetry.ts';
import { serveHealth } from './serve-health.ts';
import { tellDifferences } from './tell-differences.ts';

/**
 * A processor of its own: one of a group that reads Kafka and stores into ClickHouse, both of which may be away when it starts. Ends
 * with 0 when told to, with 1 where it can't start or go on.
 */
allocateYoung();
await runProcess(start);

async function start({ opened, fail }: ProcessRun): Promise<void> {
  const config = parseConfig(
    processorProcessConfigSchema.required({ KAFKA_BOOTSTRAP_SERVERS: true, CLICKHOUSE_URL: true }),
    readEnvironment(),
  );
  const logger = createLogger({ level: config.LOG_LEVEL, name: 'px-processor' });
  const settings = toKafkaSettings(config);
  const metrics = createProcessorMetrics();
  const clock = systemClock;
  const store = await openLateServerStore({
    urls: config.CLICKHOUSE_URL,
    cluster: config.CLICKHOUSE_CLUSTER ?? null,
    clock,
    telemetry: createReplicaTelemetry(metrics, logger),
    onAway: (err) => logger.warn({ err }, 'ClickHouse is away: nothing is stored until it is back'),
    onPrepared: ({ differences }) => tellDifferences(logger, differences),
  });
  opened.push({ name: 'store', close: () => store.store.close() });
  const processor = await openProcessor(
    { config, logLevel: config.LOG_LEVEL, tracerSettings: toTracerSettings(config) },
    { store, ...(await openLogs(settings, { metrics, clock, logger })), metrics, clock },
  );
  opened.push({ name: 'processor', close: () => processor.stop(config.DRAIN_TIMEOUT_MS) });
  processor.ended.catch(fail);
  const { HOST: host, PROCESSOR_PORT } = config;
  const health = await serveHealth({ host, port: PROCESSOR_PORT, processor, registry: metrics.registry });
  opened.push({ name: 'health', close: () => health.close() });
  logger.info({ port: health.port, group: config.KAFKA_GROUP_ID }, 'the processor is started');
}
