import type { EventLog } from '@px-platform/log';
import { type MetricsData, type ServerMetrics, toAddedText } from '../metrics.ts';

/**
 * Gives all metrics as Prometheus text: the server's own with those of its other processes added, how its logs stand, and
 * what others tell under other names. What is away is left out, and shows on `/health`: the other figures are wanted then
 * more than ever.
 */
export function createMetricsText(options: {
  /** By topic. */
  readonly logs: Readonly<Record<string, EventLog>>;
  readonly metrics: ServerMetrics;
  /** Of each of the server's other processes. */
  readonly askProcesses: () => Promise<readonly MetricsData[]>;
  readonly otherMetrics: () => Promise<string>;
}): () => Promise<string> {
  const { logs, metrics, askProcesses, otherMetrics } = options;
  return async () => {
    await Promise.all(Object.entries(logs).map(([topic, log]) => see(metrics, topic, log)));
    const processes = await askProcesses().catch(() => []);
    const others = await otherMetrics().catch(() => '');
    const { registry } = metrics;
    const own =
      processes.length === 0
        ? await registry.metrics()
        : await toAddedText([await registry.getMetricsAsJSON(), ...processes]);
    return `${own}\n${others}`;
  };
}

async function see(metrics: ServerMetrics, topic: string, log: EventLog): Promise<void> {
  const queue = await log.status().catch(() => null);
  if (queue !== null) metrics.queueSeen(topic, queue);
}
