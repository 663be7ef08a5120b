import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';
import { createHttpMetrics, type HttpMetrics } from './metrics/http-metrics.ts';
import { createIngestMetrics, type IngestMetrics } from './metrics/ingest-metrics.ts';
import { createLogMetrics, type LogMetrics } from './metrics/log-metrics.ts';
import { createReplicaMetrics, type ReplicaMetrics } from './metrics/replica-metrics.ts';
import { createSpoolMetrics, type SpoolMetrics } from './metrics/spool-metrics.ts';
import { createTraceMetrics, type TraceMetrics } from './metrics/trace-metrics.ts';

/** The server's telemetry; its metrics are named in `metrics/`, and nowhere else. Methods never throw. */
export interface ServerMetrics
  extends HttpMetrics,
    IngestMetrics,
    LogMetrics,
    SpoolMetrics,
    ReplicaMetrics,
    TraceMetrics {
  readonly registry: Registry;
}

/** Builds the server's metrics, and the process's own, on a registry of their own. */
export function createServerMetrics(): ServerMetrics {
  const registry = new Registry();
  // By default it wakes an idle process a hundred times a second. A stall of a fifth of a second is always seen.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  return {
    registry,
    ...createHttpMetrics(registry),
    ...createIngestMetrics(registry),
    ...createLogMetrics(registry),
    ...createSpoolMetrics(registry),
    ...createReplicaMetrics(registry),
    ...createTraceMetrics(registry),
  };
}

/** A registry's metrics as plain values, which another process can be sent. */
export type MetricsData = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Gives the metrics of one server's processes added up, as Prometheus text. */
export function toAddedText(processes: readonly MetricsData[]): Promise<string> {
  return AggregatorRegistry.aggregate([...processes]).metrics();
}
