import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { openLatePostgresControl } from '@px-platform/control';
import { toKafkaSettings } from '@px-platform/log';
import {
  allocateYoung,
  createLogger,
  createRequestIds,
  createUuidV7,
  openTracer,
  type ProcessRun,
  parseConfig,
  runProcess,
  systemClock,
  toTracerSettings,
} from '@px-platform/runtime';
import { auditTopic, eventTopic } from '@px-platform/schemas';
import { openLateServerStore } from '@px-platform/store';
import { readEnvironment, serverProcessConfigSchema } from './config.ts';
import { createMetricsText } from './health/metrics-text.ts';
import { createReplicaTelemetry } from './health/replica-telemetry.ts';
import { createMemoryCounters } from './limits/rate-counters.ts';
import { openRedisCounters } from './limits/redis-counters.ts';
import { listen } from './listen.ts';
import { createServerMetrics } from './metrics.ts';
import { openLogs } from './open-logs.ts';
import { readSdkFiles } from './sdk/read-sdk-files.ts';

const needed = {
  KAFKA_BOOTSTRAP_SERVERS: true,
  CLICKHOUSE_URL: true,
  DATABASE_URL: true,
  PX_ADMIN_TOKEN: true,
} as const;

/**
 * A server of its own: one of any number that take requests, write to Kafka and read from ClickHouse and Postgres, all of which may
 * be away when it starts. Ends with 0 when told to, with 1 where it can't start or go on.
 */
allocateYoung();
await runProcess(start);

async function start({ opened }: ProcessRun): Promise<void> {
  const config = parseConfig(serverProcessConfigSchema.required(needed), readEnvironment());
  const logger = createLogger({ level: config.LOG_LEVEL, name: 'px' });
  const settings = toKafkaSettings(config);
  const metrics = createServerMetrics();
  const clock = systemClock;
  const keep = <Opened>(name: string, thing: Opened, close: (thing: Opened) => Promise<void>): Opened => {
    opened.push({ name, close: () => close(thing) });
    return thing;
  };

  const tracer = await openTracer(toTracerSettings(config), metrics);
  if (tracer !== null) keep('tracer', tracer, (one) => one.close());
  const control = keep(
    'control',
    await openLatePostgresControl({
      url: config.DATABASE_URL,
      clock,
      onAway: (err) => logger.warn({ err }, 'Postgres is away: keys can not be looked up until it is back'),
    }),
    (one) => one.close(),
  );
  const store = keep(
    'store',
    await openLateServerStore({
      urls: config.CLICKHOUSE_URL,
      cluster: config.CLICKHOUSE_CLUSTER ?? null,
      clock,
      telemetry: createReplicaTelemetry(metrics, logger),
      onAway: (err) => logger.warn({ err }, 'ClickHouse is away: questions are not answered until it is back'),
      onPrepared: ({ applied }) => logger.info({ applied }, "the store's tables are there"),
    }),
    (one) => one.store.close(),
  );
  const { log, auditLog } = await openLogs(settings, { config, clock, metrics, logger });
  keep(eventTopic, log, (one) => one.close());
  keep(auditTopic, auditLog, (one) => one.close());
  const rateCounters = keep(
    'rate counters',
    config.REDIS_URL === undefined
      ? createMemoryCounters()
      : openRedisCounters({ url: config.REDIS_URL, logger, metrics }),
    (one) => one.close(),
  );

  const { reader, auditReader, deadLetters, rollups, identity, purges } = store;
  const server = keep(
    'server',
    await listen({
      config,
      log,
      auditLog,
      reader,
      auditReader,
      deadLetters,
      rollups,
      identity,
      purges,
      control,
      clock,
      newId: createUuidV7(clock),
      newRequestId: createRequestIds(clock),
      logger,
      metrics,
      tracer,
      adminToken: config.PX_ADMIN_TOKEN,
      tokenSecret: toTokenSecret(config.PX_ADMIN_TOKEN),
      rateCounters,
      sdkFiles: readSdkFiles(join(import.meta.dirname, '../../sdk/dist')),
      demo: null,
      healthChecks: {
        ...log.checks,
        audit_log: async () => void (await auditLog.status()),
        ...(config.CLICKHOUSE_URL.length > 1 ? { store_replicas: store.checkReplicas } : {}),
        ...rateCounters.healthChecks,
      },
      metricsText: createMetricsText({
        logs: { [eventTopic]: log, [auditTopic]: auditLog },
        metrics,
        askProcesses: async () => [],
        otherMetrics: async () => '',
      }),
    }),
    (one) => one.close(),
  );
  logger.info({ port: server.port }, 'the server is started');
}

/** Servers that share the admin token know each other's read tokens. */
function toTokenSecret(adminToken: string): Buffer {
  return Buffer.from(hkdfSync('sha256', adminToken, '', 'px read tokens', 32));
}
