import { createHash, randomBytes as systemRandomBytes } from 'node:crypto';
import {
  type ControlStore,
  createMemoryControl,
  createSecret,
  type KeyKind,
  type RandomBytes,
  type Scope,
  type Tier,
} from '@px-platform/control';
import { createMemoryLog, type EventLog, type LogReader } from '@px-platform/log';
import { createLogger, createRequestIds, createUuidV7, type Logger, type Tracer } from '@px-platform/runtime';
import {
  type AuditRecord,
  auditTopic,
  eventTopic,
  type LogRecord,
  parseAuditRecord,
  parseLogRecord,
} from '@px-platform/schemas';
import {
  type AuditStore,
  createMemoryAuditStore,
  createMemoryDeadLetters,
  createMemoryPurgeStore,
  type MemoryDeadLetters,
  type PurgeStore,
} from '@px-platform/store';
import { createMetricsText } from '../src/health/metrics-text.ts';
import { createMemoryCounters, type RateCounters } from '../src/limits/rate-counters.ts';
import { listen } from '../src/listen.ts';
import { createServerMetrics, type ServerMetrics } from '../src/metrics.ts';
import type { SdkFiles } from '../src/sdk/read-sdk-files.ts';
import { createTestIdentity, type TestIdentity } from './test-identity.ts';
import { createTestReader, type TestReader } from './test-reader.ts';
import { createTestRollups, type TestRollups } from './test-rollups.ts';

/** What a test may set of its server. */
export interface TestSettings {
  readonly port?: number;
  readonly requestTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  readonly keepAliveTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly host?: string;
  readonly logMaxBytes?: number;
  readonly maxInFlight?: number;
  readonly maxInFlightBytes?: number;
  readonly maxWaitMs?: number;
  readonly trustProxy?: string;
  readonly origins?: string[];
  /** Wraps the log, to hold it back or to break it. */
  readonly wrapLog?: (log: EventLog, seen: { metrics: ServerMetrics; logger: Logger }) => EventLog;
  readonly wrapAuditLog?: (log: EventLog) => EventLog;
  /** Wraps the control store of the server, to break it; the test's own stays whole. */
  readonly wrapControl?: (control: ControlStore) => ControlStore;
  readonly healthChecks?: Record<string, () => Promise<void>>;
  readonly otherMetrics?: () => Promise<string>;
  readonly sdkFiles?: SdkFiles;
  readonly tier?: Tier;
  readonly tracer?: Tracer;
  /** In memory where left out. */
  readonly toRateCounters?: (logger: Logger, metrics: ServerMetrics) => RateCounters;
  /** Where ids and keys come from: two servers with the same have the same keys. */
  readonly randomBytes?: RandomBytes;
}

/** The real server on a port of its own, on the adapters in memory. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly control: ControlStore;
  readonly reader: TestReader;
  readonly auditStore: AuditStore;
  readonly deadLetters: MemoryDeadLetters;
  readonly rollups: TestRollups;
  readonly purges: PurgeStore;
  readonly identity: TestIdentity;
  readonly projectId: string;
  /** Keys of the one project, and one of another. */
  readonly keys: { readonly pub: string; readonly srv: string; readonly reading: string; readonly other: string };
  readonly logLines: Record<string, unknown>[];
  /** The present, epoch ms; a test may set it. */
  now: number;
  makeKey(key: TestKey): Promise<{ id: string; secret: string }>;
  /** What the log holds, and takes it out. */
  takeRecords(): Promise<LogRecord[]>;
  /** As `takeRecords`, of the audit topic. */
  takeAuditRecords(): Promise<AuditRecord[]>;
  close(): Promise<void>;
}

/** A key to make. */
export interface TestKey {
  readonly kind: KeyKind;
  readonly scopes: Scope[];
  readonly expiresAt?: Date;
  readonly ratePerMinute?: number;
}

/** The admin token of `startTestServer`. */
export const adminToken = 'admin-token-of-the-tests';
/** Signs the read tokens of `startTestServer`. */
export const tokenSecret = Buffer.alloc(32, 7);

/** Starts a server with a tenant, two projects and four keys. */
export async function startTestServer(settings: TestSettings = {}): Promise<TestServer> {
  const state = { now: Date.UTC(2026, 0, 15, 12) };
  const clock = () => state.now;
  const randomBytes = settings.randomBytes ?? systemRandomBytes;
  const control = createMemoryControl({ clock, randomBytes });
  const log = createMemoryLog({ partitions: 2, maxBytes: settings.logMaxBytes ?? 256 * 1024 * 1024, clock });
  const auditLog = createMemoryLog({ partitions: 1, maxBytes: 16 * 1024 * 1024, clock });
  const auditReader = createMemoryAuditStore();
  const deadLetters = createMemoryDeadLetters();
  const rollups = createTestRollups();
  const purges = createMemoryPurgeStore();
  const reader = createTestReader();
  const identity = createTestIdentity();
  const logLines: Record<string, unknown>[] = [];
  const logger = toLogger(logLines);

  const tenant = (await control.createTenant({ slug: 'acme', tier: settings.tier ?? 'enterprise' })).value;
  const projectOf = async (name: string, origins: string[]) =>
    (await control.createProject({ tenantId: tenant.id, name, origins, ipPolicy: 'drop', retentionDays: 30 })).value;
  const project = await projectOf('Web', settings.origins ?? []);
  const otherProject = await projectOf('Other', []);

  async function makeKey(projectId: string, key: TestKey) {
    const secret = createSecret({ kind: key.kind, mode: 'test' }, randomBytes);
    const stored = await control.createKey({
      projectId,
      kind: key.kind,
      mode: 'test',
      name: 'key',
      prefix: secret.slice(0, 16),
      secretSha256: createHash('sha256').update(secret).digest('hex'),
      scopes: key.scopes,
      expiresAt: key.expiresAt ?? null,
      ratePerMinute: key.ratePerMinute ?? null,
    });
    return { id: stored.id, secret };
  }
  const secretOf = async (projectId: string, kind: KeyKind, scopes: Scope[]) =>
    (await makeKey(projectId, { kind, scopes })).secret;
  const keys = {
    pub: await secretOf(project.id, 'pub', ['events:write']),
    srv: await secretOf(project.id, 'srv', ['events:write', 'query:read']),
    reading: await secretOf(project.id, 'srv', ['query:read']),
    other: await secretOf(otherProject.id, 'srv', ['events:write', 'query:read']),
  };

  const metrics = createServerMetrics();
  const eventLog = settings.wrapLog?.(log, { metrics, logger }) ?? log;
  const rateCounters = settings.toRateCounters?.(logger, metrics) ?? createMemoryCounters();
  const listening = await listen({
    config: {
      PORT: settings.port ?? 0,
      HOST: settings.host ?? '127.0.0.1',
      TRUST_PROXY: settings.trustProxy ?? 'loopback',
      REQUEST_TIMEOUT_MS: settings.requestTimeoutMs ?? 10_000,
      INGEST_MAX_IN_FLIGHT: settings.maxInFlight ?? 4_000,
      INGEST_MAX_IN_FLIGHT_BYTES: settings.maxInFlightBytes ?? 64 * 1024 ** 2,
      INGEST_MAX_WAIT_MS: settings.maxWaitMs ?? 100,
      HEADERS_TIMEOUT_MS: settings.headersTimeoutMs ?? 10_000,
      KEEP_ALIVE_TIMEOUT_MS: settings.keepAliveTimeoutMs ?? 65_000,
      MAX_CONNECTIONS: settings.maxConnections ?? 1_000,
    },
    log: eventLog,
    auditLog: settings.wrapAuditLog?.(auditLog) ?? auditLog,
    reader,
    auditReader,
    deadLetters,
    rollups,
    identity,
    purges,
    control: settings.wrapControl?.(control) ?? control,
    clock,
    newId: createUuidV7(clock),
    newRequestId: createRequestIds(clock),
    logger,
    metrics,
    tracer: settings.tracer ?? null,
    adminToken,
    tokenSecret,
    rateCounters,
    sdkFiles: settings.sdkFiles ?? new Map(),
    demo: null,
    healthChecks: { ...settings.healthChecks, ...rateCounters.healthChecks },
    metricsText: createMetricsText({
      logs: { [eventTopic]: eventLog, [auditTopic]: auditLog },
      metrics,
      askProcesses: async () => [],
      otherMetrics: settings.otherMetrics ?? (async () => ''),
    }),
  });

  return {
    url: `http://127.0.0.1:${listening.port}`,
    port: listening.port,
    control,
    reader,
    projectId: project.id,
    keys,
    logLines,
    get now() {
      return state.now;
    },
    set now(now) {
      state.now = now;
    },
    makeKey: (key) => makeKey(project.id, key),
    auditStore: auditReader,
    deadLetters,
    rollups,
    purges,
    identity,
    takeRecords: () => takeRecords(log, parseLogRecord),
    takeAuditRecords: () => takeRecords(auditLog, parseAuditRecord),
    async close() {
      await listening.close();
      await rateCounters.close();
    },
  };
}

/** The real logger, with what it is told kept in place of printed. */
function toLogger(lines: Record<string, unknown>[]): Logger {
  const logger = createLogger({ level: 'info', name: 'test' });
  for (const level of ['info', 'warn', 'error'] as const) {
    Reflect.set(logger, level, (line: unknown) => {
      lines.push({ level, ...(typeof line === 'object' ? line : { line }) });
    });
  }
  return logger;
}

async function takeRecords<T>(log: LogReader, parse: (payload: Uint8Array) => T | null): Promise<T[]> {
  const records: T[] = [];
  for (const partition of log.partitions) {
    const from = await log.committed(partition);
    const entries = await log.read(partition, from, { maxRecords: 10_000, maxBytes: 1e9 });
    for (const { payload } of entries) {
      const record = payload === null ? null : parse(payload);
      if (record === null) throw new Error('The log holds what is no record.');
      records.push(record);
    }
    await log.commit(partition, from + entries.length);
  }
  return records;
}
