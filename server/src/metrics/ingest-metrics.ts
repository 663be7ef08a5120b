import type { AcceptedEvent, RejectionCode } from '@px-platform/schemas';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { GateLoad, RefusalReason } from '../overload/admission-gate.ts';

/** Telemetry of what is let in and what becomes of it. Methods never throw. */
export interface IngestMetrics {
  eventsAccepted(count: number): void;
  eventRejected(code: RejectionCode): void;
  /** Audit events of one request, which are counted beside the others. */
  auditEventsTaken(counts: { accepted: number; rejected: number }): void;
  /** What was changed in accepted events: strings cut to their limit, keys left out. */
  eventsCleaned(changes: { cutStrings: number; removedKeys: number }): void;
  /** Counts those of accepted events that don't fit their tracking plan. */
  eventsMarked(events: readonly Pick<AcceptedEvent, 'schema_violation'>[]): void;
  /** A tracking plan that the control store did not give. */
  planLoadFailed(): void;
  /** A request that was let in after it stood in line for so many ms. */
  ingestWaited(ms: number): void;
  /** A request that was refused before it was read, by reason. */
  ingestRefused(reason: RefusalReason): void;
  /** Tells where to ask, at each scrape, for what the gate has let in and not seen answered. */
  readInFlight(load: () => GateLoad): void;
  /** A request over its key's rate, by the window that refused it. */
  rateLimited(window: string): void;
  /** Whether the counters of rates are shared between servers; told only where they should be. */
  limitsShared(isShared: boolean): void;
}

/** Builds them on a registry. */
export function createIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
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

  return {
    eventsAccepted: (count) => accepted.inc(count),
    eventRejected(code) {
      rejected.inc({ code });
      if (code === 'schema_violation') violations.inc({ mode: 'reject' });
    },
    auditEventsTaken(counts) {
      audit.inc({ outcome: 'accepted' }, counts.accepted);
      audit.inc({ outcome: 'rejected' }, counts.rejected);
    },
    eventsCleaned({ cutStrings, removedKeys }) {
      if (cutStrings > 0) cut.inc(cutStrings);
      if (removedKeys > 0) removed.inc(removedKeys);
    },
    eventsMarked(events) {
      const marked = events.filter((event) => event.schema_violation !== undefined).length;
      if (marked > 0) violations.inc({ mode: 'warn' }, marked);
    },
    planLoadFailed: () => planFailures.inc(),
    ingestWaited: (ms) => waitSeconds.observe(ms / 1_000),
    ingestRefused: (reason) => refused.inc({ reason }),
    readInFlight(load) {
      toLoad = load;
    },
    rateLimited: (window) => limited.inc({ window }),
    limitsShared(isShared) {
      if (registry.getSingleMetric('px_rate_limits_shared') === undefined) registry.registerMetric(shared);
      shared.set(isShared ? 1 : 0);
    },
  };
}
