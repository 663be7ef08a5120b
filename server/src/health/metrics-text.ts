import type { EventLog, SpoolStatus } from '@px-platform/log';
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

/** An embedded log is its own spool: nothing waits beside it. */
const noSpool: SpoolStatus = { isInUse: false, depth: 0, bytes: 0, maxBytes: 0, oldestAgeMs: 0, setAside: 0 };

async function see(metrics: ServerMetrics, topic: string, log: EventLog): Promise<void> {
  const queue = await log.status().catch(() => null);
  if (queue === null) return;
  metrics.queueSeen(topic, queue);
  metrics.spoolSeen(topic, queue.spool ?? noSpool);
}
