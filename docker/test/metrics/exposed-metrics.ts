import { createProcessorMetrics } from '@px-platform/processor';
import { createServerMetrics } from '@px-platform/server';

/** What one metric is, as far as a query can go wrong about it. */
export interface ExposedMetric {
  readonly labels: readonly string[];
}

/** Labels that Prometheus adds to what it scrapes. */
const ofPrometheus = ['job', 'instance'];

/** Gives the series that `/metrics` of server and processor offer, by name, with those that Prometheus makes itself. */
export async function listExposedMetrics(): Promise<ReadonlyMap<string, ExposedMetric>> {
  const server = createServerMetrics();
  // Registers what a server with Redis tells beside the rest.
  server.limitsShared(true);
  const metrics = new Map<string, ExposedMetric>([['up', { labels: ofPrometheus }]]);
  for (const { registry } of [server, createProcessorMetrics()]) {
    for (const { name, type, labelNames = [] } of registry.getMetricsAsArray().map(toFacts)) {
      const labels = [...labelNames, ...ofPrometheus];
      if (type !== 'histogram') metrics.set(name, { labels });
      else {
        metrics.set(`${name}_bucket`, { labels: [...labels, 'le'] });
        for (const part of ['sum', 'count']) metrics.set(`${name}_${part}`, { labels });
      }
    }
  }
  return metrics;
}

interface Facts {
  readonly name: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** prom-client keeps a metric's kind and labels without telling their types. */
function toFacts(metric: object): Facts {
  const { name, labelNames } = metric as { name: string; labelNames?: string[] };
  const type = metric.constructor.name.toLowerCase();
  return labelNames === undefined ? { name, type } : { name, type, labelNames };
}
