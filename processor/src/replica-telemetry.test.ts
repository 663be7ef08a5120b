import { createLogger } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { createProcessorMetrics } from './metrics.ts';
import { createReplicaTelemetry } from './replica-telemetry.ts';

it('tells which replica is used, which are away, and how often it went to another', async () => {
  const metrics = createProcessorMetrics();
  const telemetry = createReplicaTelemetry(metrics, createLogger({ level: 'silent', name: 'px' }));
  telemetry.used('ch-1:8123', null);
  telemetry.left('ch-1:8123', new Error('gone'));
  telemetry.used('ch-2:8123', 'ch-1:8123');
  const text = await metrics.registry.metrics();
  expect(text).toContain('px_processor_store_replica_in_use{replica="ch-1:8123"} 0\n');
  expect(text).toContain('px_processor_store_replica_in_use{replica="ch-2:8123"} 1\n');
  expect(text).toContain('px_processor_store_replica_away{replica="ch-1:8123"} 1\n');
  expect(text).toContain('px_processor_store_failovers_total 1\n');
  telemetry.returned('ch-1:8123');
  expect(await metrics.registry.metrics()).toContain('px_processor_store_replica_away{replica="ch-1:8123"} 0\n');
});
