import type { LogStatus, SpoolStatus } from '@px-platform/log';
import type { AcceptedEvent, RejectionCode } from '@px-platform/schemas';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { GateLoad, RefusalReason } from './overload/admission-gate.ts';

/** How one request ended; `status` 0 where the client left before an answer. */
export interface RequestEnd {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly outcome: string;
  readonly seconds: number;
}

/** What becomes of a record that the log could not take. */
export type SpoolOutcome = 'spooled' | 'drained' | 'set_aside' | 'damaged';

/** The server's telemetry: the one place where its metrics are named. Methods never throw. */
export interface ServerMetrics {
  readonly registry: Registry;
  requestEnded(end: RequestEnd): void;
  /** Sizes in bytes; `inflated` equals `sent` where nothing was compressed. */
  bodyRead(body: { sent: number; inflated: number }): void;
  /** A body that broke off before its end. */
  bodyAborted(): void;
  eventsAccepted(count: number): void;
  eventRejected(code: RejectionCode): void;
  /** Audit events of one request, which are counted beside the others. */
  auditEventsTaken(counts: { accepted: number; rejected: number }): void;
  /** What was changed in accepted events: strings cut to their limit, keys left out. */
  eventsCleaned(changes: { cutStrings: number; removedKeys: number }): void;
  /** A request that was let in after it stood in line for so many ms. */
  ingestWaited(ms: number): void;
  /** A request that was refused before it was read, by reason. */
  ingestRefused(reason: RefusalReason): void;
  /** Tells where to ask, at each scrape, for what the gate has let in and not seen answered. */
  readInFlight(load: () => GateLoad): void;
  /** Counts those of accepted events that don't fit their tracking plan. */
  eventsMarked(events: readonly Pick<AcceptedEvent, 'schema_violation'>[]): void;
  /** A tracking plan that the control store did not give. */
  planLoadFailed(): void;
  /** As `LogTelemetry` of the log's package. */
  appended(append: { records: number; bytes: number; seconds: number }): void;
  failed(failure: { records: number; error: unknown }): void;
  /** Begins to time one writing of the log to its disk, fsync included; what it gives ends it. */
  flushStarted(): () => void;
  /** Sets what is asked for at each scrape, by topic: records not yet processed, by partition too, and the age of the oldest in ms. */
  queueSeen(
    topic: string,
    queue: Pick<LogStatus, 'depth' | 'oldestAgeMs' | 'bytes' | 'maxBytes' | 'lagByPartition'>,
  ): void;
  /** As `queueSeen`, of the spool beside the log. */
  spoolSeen(topic: string, spool: SpoolStatus): void;
  /** What became of spooled records: spooled, drained, set aside, damaged. */
  spoolRecords(topic: string, outcome: SpoolOutcome, count: number): void;
  /** A batch of the drain that the log did not take. */
  spoolDrainFailed(topic: string): void;
  /** The replica of the store that is asked from now on; `from` is the one before, null at the start. */
  replicaUsed(name: string, from: string | null): void;
  /** Whether a replica of the store is away or refuses. */
  replicaAway(name: string, isAway: boolean): void;
  /** A request over its key's rate, by the window that refused it. */
  rateLimited(window: string): void;
  /** Whether the counters of rates are shared between servers; told only where they should be. */
  limitsShared(isShared: boolean): void;
  connectionOpened(): void;
  connectionClosed(): void;
  /** A connection was closed to make room for another. */
  connectionShed(): void;
  /** As `TracerTelemetry` of the runtime. */
  spansExported(count: number): void;
  spansFailed(count: number): void;
  spanDropped(): void;
  liveStreamOpened(): void;
  liveStreamClosed(): void;
  livePollFailed(): void;
}

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Builds the server's metrics, and the process's own, on a registry of their own. */
export function createServerMetrics(): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  // By default it wakes an idle process a hundred times a second. A stall of a fifth of a second is always seen.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });

  const requests = new Counter({
    name: 'px_http_requests_total',
    help: 'Requests by route, method, status (0: the client left) and outcome.',
    labelNames: ['route', 'method', 'status', 'outcome'] as const,
    registers,
  });
  const latency = new Histogram({
    name: 'px_http_request_seconds',
    help: 'Time from the headers to the end of the answer.',
    labelNames: ['route'] as const,
    buckets: latencyBuckets,
    registers,
  });
  const sent = counter('px_ingest_body_bytes_total', 'Body bytes as sent.');
  const inflated = counter('px_ingest_inflated_bytes_total', 'Body bytes after inflation.');
  const aborted = counter('px_http_bodies_aborted_total', 'Bodies that broke off before their end.');
  const accepted = counter('px_ingest_events_accepted_total', 'Events that passed validation.');
  const rejected = new Counter({
    name: 'px_ingest_events_rejected_total',
    help: 'Events that were refused, by reason.',
    labelNames: ['code'] as const,
    registers,
  });
  const audit = new Counter({
    name: 'px_audit_events_total',
    help: 'Audit events, by whether they passed validation.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const violations = new Counter({
    name: 'px_plan_violations_total',
    help: "Events that don't fit their project's tracking plan, by its mode: warn (stored and marked) or reject.",
    labelNames: ['mode'] as const,
    registers,
  });
  const planFailures = counter(
    'px_plan_loads_failed_total',
    'Tracking plans that the control store did not give: the last known one goes on.',
  );
  const cut = counter('px_ingest_strings_cut_total', 'String values cut to their limit.');
  const removed = counter('px_ingest_keys_removed_total', 'Keys left out of accepted events.');
  const waitSeconds = new Histogram({
    name: 'px_ingest_wait_seconds',
    help: 'Time in line, of requests that found the server busy and were let in.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const refused = new Counter({
    name: 'px_ingest_refused_total',
    help: 'Requests refused before they were read, by reason.',
    labelNames: ['reason'] as const,
    registers,
  });
  let toLoad = (): GateLoad => ({ requests: 0, bytes: 0 });
  new Gauge({
    name: 'px_ingest_in_flight',
    help: 'Requests with events let in and not yet answered.',
    registers,
    collect() {
      this.set(toLoad().requests);
    },
  });
  new Gauge({
    name: 'px_ingest_in_flight_bytes',
    help: 'Bytes of their bodies, as announced.',
    registers,
    collect() {
      this.set(toLoad().bytes);
    },
  });
  const appendSeconds = new Histogram({
    name: 'px_ingest_append_seconds',
    help: 'Time until the log answered that a request is durable.',
    buckets: latencyBuckets,
    registers,
  });
  const flushSeconds = new Histogram({
    name: 'px_log_fsync_seconds',
    help: 'Time of one transaction of the log, written and fsynced, which all that was appended meanwhile shares.',
    buckets: latencyBuckets,
    registers,
  });
  const records = new Counter({
    name: 'px_ingest_records_total',
    help: 'Log records, by whether the log took them.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const labelNames = ['topic'] as const;
  const depth = new Gauge({ name: 'px_queue_depth', help: 'Log records not yet processed.', labelNames, registers });
  const lag = new Gauge({
    name: 'px_queue_lag',
    help: 'Records of a partition not yet processed.',
    labelNames: ['topic', 'partition'] as const,
    registers,
  });
  const age = new Gauge({
    name: 'px_queue_oldest_age_seconds',
    help: 'Age of the oldest record not yet processed.',
    labelNames,
    registers,
  });
  const logBytes = new Gauge({ name: 'px_queue_bytes', help: 'Size of the log.', labelNames, registers });
  const logMaxBytes = new Gauge({
    name: 'px_queue_max_bytes',
    help: 'Limit of the size of the log.',
    labelNames,
    registers,
  });
  const spoolGauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const spoolInUse = spoolGauge('px_spool_in_use', '1 while what comes goes to the spool, for the log is away.');
  const spoolDepth = spoolGauge(
    'px_spool_records',
    'Records spooled beside a log that is away; an embedded log is its own spool: 0.',
  );
  const spoolBytes = spoolGauge('px_spool_bytes', 'Size of what waits in the spool.');
  const spoolMaxBytes = spoolGauge('px_spool_max_bytes', 'Limit of that size; 0 where there is no spool.');
  const spoolAge = spoolGauge('px_spool_oldest_age_seconds', 'Age of the oldest record that waits in the spool.');
  const spoolAside = spoolGauge('px_spool_set_aside', 'Records kept beside the spool, since the log refuses them.');
  const replicaGauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['replica'], registers });
  const replicaInUse = replicaGauge(
    'px_store_replica_in_use',
    '1 for the replica of the store that is asked, where CLICKHOUSE_URL names several.',
  );
  const replicaAway = replicaGauge('px_store_replica_away', '1 while a replica of the store is away or refuses.');
  const failovers = new Counter({
    name: 'px_store_failovers_total',
    help: 'Turns from one replica of the store to another.',
    registers,
  });
  const spoolRecords = new Counter({
    name: 'px_spool_records_total',
    help: 'Records of the spool, by what became of them: spooled, drained, set_aside (refused by the log), damaged.',
    labelNames: ['topic', 'outcome'] as const,
    registers,
  });
  const drainFailures = new Counter({
    name: 'px_spool_drain_failures_total',
    help: 'Batches of the spool that were not drained, and are tried again.',
    labelNames,
    registers,
  });
  const limited = new Counter({
    name: 'px_rate_limited_total',
    help: 'Requests over the rate of their key, by window: burst (a minute) or sustained (an hour).',
    labelNames: ['window'] as const,
    registers,
  });
  const shared = new Gauge({
    name: 'px_rate_limits_shared',
    help: 'With REDIS_URL: 1 while rates are counted in Redis, 0 while each server counts by itself.',
    aggregator: 'min',
    registers: [],
  });
  const connections = new Gauge({ name: 'px_http_connections', help: 'Open connections.', registers });
  const shed = counter(
    'px_http_connections_shed_total',
    'Connections closed to make room for others, over MAX_CONNECTIONS.',
  );
  const spans = new Counter({
    name: 'px_trace_spans_total',
    help: 'Spans of traces, by what became of them: exported, failed (not taken by the receiver), dropped (too many waited).',
    labelNames: ['outcome'] as const,
    registers,
  });
  const streams = new Gauge({ name: 'px_live_streams', help: 'Open live streams.', registers });
  const pollFailures = counter('px_live_polls_failed_total', 'Live look-ups that the store did not answer.');

  return {
    registry,
    requestEnded({ route, method, status, outcome, seconds }) {
      requests.inc({ route, method, status, outcome });
      latency.observe({ route }, seconds);
    },
    bodyRead(body) {
      sent.inc(body.sent);
      inflated.inc(body.inflated);
    },
    bodyAborted: () => aborted.inc(),
    eventsAccepted: (count) => accepted.inc(count),
    auditEventsTaken(counts) {
      audit.inc({ outcome: 'accepted' }, counts.accepted);
      audit.inc({ outcome: 'rejected' }, counts.rejected);
    },
    eventRejected(code) {
      rejected.inc({ code });
      if (code === 'schema_violation') violations.inc({ mode: 'reject' });
    },
    eventsMarked(events) {
      const marked = events.filter((event) => event.schema_violation !== undefined).length;
      if (marked > 0) violations.inc({ mode: 'warn' }, marked);
    },
    planLoadFailed: () => planFailures.inc(),
    eventsCleaned({ cutStrings, removedKeys }) {
      if (cutStrings > 0) cut.inc(cutStrings);
      if (removedKeys > 0) removed.inc(removedKeys);
    },
    ingestWaited: (ms) => waitSeconds.observe(ms / 1_000),
    ingestRefused: (reason) => refused.inc({ reason }),
    readInFlight(load) {
      toLoad = load;
    },
    appended(append) {
      appendSeconds.observe(append.seconds);
      records.inc({ outcome: 'appended' }, append.records);
    },
    failed: (failure) => records.inc({ outcome: 'refused' }, failure.records),
    flushStarted: () => {
      const endTimer = flushSeconds.startTimer();
      return () => void endTimer();
    },
    queueSeen(topic, queue) {
      depth.set({ topic }, queue.depth);
      for (const [partition, records] of Object.entries(queue.lagByPartition)) lag.set({ topic, partition }, records);
      age.set({ topic }, queue.oldestAgeMs / 1_000);
      logBytes.set({ topic }, queue.bytes);
      logMaxBytes.set({ topic }, queue.maxBytes);
    },
    spoolSeen(topic, spool) {
      spoolInUse.set({ topic }, spool.isInUse ? 1 : 0);
      spoolDepth.set({ topic }, spool.depth);
      spoolBytes.set({ topic }, spool.bytes);
      spoolMaxBytes.set({ topic }, spool.maxBytes);
      spoolAge.set({ topic }, spool.oldestAgeMs / 1_000);
      spoolAside.set({ topic }, spool.setAside);
    },
    spoolRecords: (topic, outcome, count) => spoolRecords.inc({ topic, outcome }, count),
    spoolDrainFailed: (topic) => drainFailures.inc({ topic }),
    replicaUsed(replica, from) {
      replicaInUse.set({ replica }, 1);
      if (from === null) return;
      replicaInUse.set({ replica: from }, 0);
      failovers.inc();
    },
    replicaAway: (replica, isAway) => replicaAway.set({ replica }, isAway ? 1 : 0),
    rateLimited: (window) => limited.inc({ window }),
    limitsShared(isShared) {
      if (registry.getSingleMetric('px_rate_limits_shared') === undefined) registry.registerMetric(shared);
      shared.set(isShared ? 1 : 0);
    },
    connectionOpened: () => connections.inc(),
    connectionClosed: () => connections.dec(),
    connectionShed: () => shed.inc(),
    spansExported: (count) => spans.inc({ outcome: 'exported' }, count),
    spansFailed: (count) => spans.inc({ outcome: 'failed' }, count),
    spanDropped: () => spans.inc({ outcome: 'dropped' }),
    liveStreamOpened: () => streams.inc(),
    liveStreamClosed: () => streams.dec(),
    livePollFailed: () => pollFailures.inc(),
  };
}

/** A registry's metrics as plain values, which another process can be sent. */
export type MetricsData = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Gives the metrics of one server's processes added up, as Prometheus text. */
export function toAddedText(processes: readonly MetricsData[]): Promise<string> {
  return AggregatorRegistry.aggregate([...processes]).metrics();
}
