import { Counter, type Registry } from 'prom-client';

/** Telemetry of the spans of traces. Methods never throw. */
export interface TraceMetrics {
  /** As `TracerTelemetry` of the runtime. */
  spansExported(count: number): void;
  spansFailed(count: number): void;
  spanDropped(): void;
}

/** Builds them on a registry. */
export function createTraceMetrics(registry: Registry): TraceMetrics {
  const registers = [registry];
  const spans = new Counter({
    name: 'px_trace_spans_total',
    help: 'Spans of traces, by what became of them: exported, failed (not taken by the receiver), dropped (too many waited).',
    labelNames: ['outcome'] as const,
    registers,
  });

  return {
    spansExported: (count) => spans.inc({ outcome: 'exported' }, count),
    spansFailed: (count) => spans.inc({ outcome: 'failed' }, count),
    spanDropped: () => spans.inc({ outcome: 'dropped' }),
  };
}
