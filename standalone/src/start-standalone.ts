import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { openLatePostgresControl, openPgliteControl } from '@px-platform/control';
import { processorConfigSchema } from '@px-platform/processor';
import {
  AppError,
  type Closing,
  closeAll,
  createLogger,
  createRequestIds,
  createUuidV7,
  offsetClock,
  openTracer,
  parseConfig,
  toTracerSettings,
} from '@px-platform/runtime';
import { auditTopic, eventTopic } from '@px-platform/schemas';
import {
  createMemoryCounters,
  createMetricsText,
  createServerMetrics,
  type DemoSite,
  type Listening,
  listen,
  type MetricsData,
  openRedisCounters,
  readSdkFiles,
  serverConfigSchema,
} from '@px-platform/server';
import { toStorePlace } from '@px-platform/store';
import { standaloneConfigSchema } from './config.ts';
import { type Demo, seedDemo } from './demo/seed-demo.ts';
import { createVisitors } from './demo/visitors.ts';
import { openLogs } from './open-logs.ts';
import { startProcessorProcess } from './processor-process/start-processor-process.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { toCounterCalls } from './workers/counters-over-port.ts';
import { startWorkers } from './workers/start-workers.ts';
import type { WorkerStart } from './workers/worker-start.ts';

const configSchema = standaloneConfigSchema.extend(serverConfigSchema.shape).extend(processorConfigSchema.shape);

/** A running server, with the processor and the engine in a process beside it. */
export interface Standalone {
  readonly url: string;
  readonly dataDir: string;
  readonly demo: Demo | null;
  readonly adminToken: string;
  /** Rejects where the processor can't go on; settles when it has ended. */
  readonly failed: Promise<void>;
  /** Takes no more requests, ends those in flight, stores what the log holds, closes everything. */
  stop(): Promise<void>;
}

/**
 * Opens the embedded adapters and runs server and processor on them. Store and control come first: they
 * lock the data folder against a second standalone. Ends what it has opened where a later step fails.
 * Throws AppErrors: `config_invalid`, `data_dir_in_use`, `data_dir_unusable`, `log_corrupt`, `port_in_use`, …
 */
export async function startStandalone(options: {
  env: Readonly<Record<string, string | undefined>>;
  /** Added to the machine's clock. */
  clockOffsetMs: number;
  /** Folders of the demo site and of the built SDK. */
  site: { readonly dir: string; readonly sdkDir: string };
}): Promise<Standalone> {
  const { env, clockOffsetMs, site } = options;
  const clock = offsetClock(clockOffsetMs);
  const config = parseConfig(configSchema, env);
  const place = toStorePlace(config, resolve(config.DATA_DIR, 'store'));
  const logger = createLogger({ level: config.LOG_LEVEL, name: 'px' });
  const dataDir = resolve(config.DATA_DIR);
  const inDataDir = (name: string): string => resolve(dataDir, name);
  makeFolder(dataDir);

  const metrics = createServerMetrics();

  const opened: Closing[] = [];
  try {
    // A second each, most of it waiting: at once. Both lock the data folder against a second standalone.
    const [storing, controlling] = await Promise.allSettled([
      startProcessorProcess({
        place,
        clockOffsetMs,
        niceness: config.PROCESSOR_NICENESS,
        logger,
      }),
      config.DATABASE_URL === undefined
        ? openPgliteControl({ path: inDataDir('control'), clock })
        : openLatePostgresControl({
            url: config.DATABASE_URL,
            clock,
            onAway: (err) => logger.warn({ err }, 'Postgres is away: keys can not be looked up until it is back'),
          }),
    ]);
    if (storing.status === 'fulfilled') opened.push({ name: 'store', close: () => storing.value.close() });
    if (controlling.status === 'fulfilled') opened.push({ name: 'control', close: () => controlling.value.close() });
    if (storing.status === 'rejected') throw storing.reason;
    if (controlling.status === 'rejected') throw controlling.reason;
    const processorProcess = storing.value;
    const control = controlling.value;
    const { reader, auditReader, deadLetters, rollups, identity, purges } = processorProcess;

    const { log, auditLog, logs, checks } = await openLogs({ config, clock, metrics, logger });
    opened.push({ name: 'log', close: () => log.close() }, { name: 'audit log', close: () => auditLog.close() });

    const adminToken =
      config.PX_ADMIN_TOKEN ?? readOrMakeSecret(inDataDir('admin-token'), () => randomBytes(24).toString('base64url'));
    const tokenSecret = readOrMakeSecret(inDataDir('token-secret'), () => randomBytes(32).toString('base64url'));
    const demo = config.PX_DEMO === 'on' ? await seedDemo(control, inDataDir('demo-key')) : null;

    const tracerSettings = toTracerSettings(config);
    const processor = await processorProcess.start({
      config: processorConfigSchema.parse(config),
      logLevel: config.LOG_LEVEL,
      tracerSettings,
      logs,
    });
    const failed = processor.ended;
    // Whoever awaits `failed` hears of it; until then it must not end the process.
    failed.catch(() => undefined);
    opened.push({ name: 'processor', close: () => processor.stop(config.DRAIN_TIMEOUT_MS) });

    const newId = createUuidV7(clock);
    const visitors = { sendVisitors: async () => 0 };
    const demoSite = demo === null ? null : toDemoSite(demo, site.dir, visitors);
    const healthChecks = {
      ...checks,
      audit_log: async () => void (await auditLog.status()),
      processor: () => processor.check(),
    };
    const toMetricsText = (askProcesses: () => Promise<readonly MetricsData[]>) =>
      createMetricsText({
        logs: { [eventTopic]: log, [auditTopic]: auditLog },
        metrics,
        askProcesses,
        otherMetrics: () => processor.metrics(),
      });
    const shared = { log, auditLog, reader, auditReader, deadLetters, rollups, identity, purges, control };

    async function serveHere(): Promise<Listening> {
      const tracer = await openTracer(tracerSettings, metrics);
      if (tracer !== null) opened.push({ name: 'tracer', close: () => tracer.close() });
      const rateCounters =
        config.REDIS_URL === undefined
          ? createMemoryCounters()
          : openRedisCounters({ url: config.REDIS_URL, logger, metrics });
      opened.push({ name: 'rate counters', close: () => rateCounters.close() });
      return listen({
        ...shared,
        config,
        clock,
        newId,
        newRequestId: createRequestIds(clock),
        logger,
        metrics,
        tracer,
        adminToken,
        tokenSecret: Buffer.from(tokenSecret),
        rateCounters,
        sdkFiles: readSdkFiles(site.sdkDir),
        demo: demoSite,
        healthChecks: { ...healthChecks, ...rateCounters.healthChecks },
        metricsText: toMetricsText(async () => []),
      });
    }

    async function serveByWorkers(): Promise<Listening> {
      const counters = createMemoryCounters();
      opened.push({ name: 'rate counters', close: () => counters.close() });
      const start: WorkerStart = {
        config: serverConfigSchema.parse(config),
        logLevel: config.LOG_LEVEL,
        tracerSettings,
        clockOffsetMs,
        adminToken,
        tokenSecret: Buffer.from(tokenSecret),
        sdkDir: site.sdkDir,
        redisUrl: config.REDIS_URL ?? null,
        demo: demo === null ? null : { dir: site.dir, projectId: demo.projectId, apiKey: demo.apiKey },
        healthChecks: Object.keys(healthChecks),
      };
      const held = {
        ...shared,
        start,
        counters: toCounterCalls(counters),
        healthChecks,
        metricsText: toMetricsText(() => workers.readMetrics()),
        sendVisitors: () => visitors.sendVisitors(),
      };
      const workers = await startWorkers(config.WORKERS, held, logger);
      return workers;
    }

    const server = config.WORKERS === 1 ? await serveHere() : await serveByWorkers();
    opened.push({ name: 'server', close: () => server.close() });
    const url = `http://127.0.0.1:${server.port}`;
    if (demo !== null) {
      visitors.sendVisitors = createVisitors({
        endpoint: url,
        apiKey: demo.apiKey,
        fetch,
        clock,
        newId,
        random: Math.random,
      });
    }
    return { url, dataDir, demo, adminToken, failed, stop: () => closeAll(opened) };
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError('data_dir_unusable', `The data folder ${path} can't be made: check DATA_DIR and its owner`, {
      cause,
    });
  }
}

function toDemoSite(demo: Demo, dir: string, visitors: { sendVisitors(): Promise<number> }): DemoSite {
  return {
    dir,
    projectId: demo.projectId,
    apiKey: demo.apiKey,
    sendVisitors: () => visitors.sendVisitors(),
  };
}
