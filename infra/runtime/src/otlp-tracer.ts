import { type Context, type Span as OtelSpan, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Tracer, TracerSettings, TracerTelemetry } from './tracer.ts';

/** Spans that wait to be sent, at most: about 4 MiB. What comes while so many wait is dropped. */
const maxPending = 4_096;
const exportEveryMs = 1_000;
const exportTimeoutMs = 5_000;
const closeTimeoutMs = 2_000;

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Builds the tracer that sends spans by OTLP over HTTP, as JSON, in batches. A receiver that is away costs its spans and nothing else. */
export function createOtlpTracer(settings: TracerSettings, telemetry: TracerTelemetry): Tracer {
  let pending = 0;
  const counted: SpanExporter = countExports(openExporter(settings), (count, error) => {
    pending -= count;
    if (error === null) telemetry.spansExported(count);
    else telemetry.spansFailed(count, error);
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.serviceName }),
    sampler: toSampler(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: counted,
        maxQueueSize: maxPending,
        scheduledDelayMillis: exportEveryMs,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer('px');

  function end(span: OtelSpan): void {
    if (!span.isRecording()) return;
    if (pending >= maxPending) {
      telemetry.spanDropped();
      return;
    }
    pending += 1;
    span.end();
  }

  return {
    startSpan(name, { kind, parent, startedAt, facts = {} }) {
      const span = tracer.startSpan(
        name,
        { kind: kinds[kind], attributes: facts, ...(startedAt === undefined ? {} : { startTime: startedAt }) },
        toContext(parent),
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      let isEnded = false;
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end({ name: newName, facts: more = {}, error } = {}) {
          if (isEnded) return;
          isEnded = true;
          if (newName !== undefined) span.updateName(newName);
          span.setAttributes(more);
          if (error !== undefined) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
          end(span);
        },
      };
    },
    async close() {
      const timer = Promise.withResolvers<void>();
      const timeout = setTimeout(timer.resolve, closeTimeoutMs);
      // What the receiver does not take any more was counted; it must not keep the process from ending.
      await Promise.race([provider.shutdown().catch(() => undefined), timer.promise]);
      clearTimeout(timeout);
    },
  };
}

function openExporter({ endpoint, headers }: TracerSettings): OTLPTraceExporter {
  return new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: parseHeaders(headers),
    timeoutMillis: exportTimeoutMs,
  });
}

function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), decodeURIComponent(value.join('=').trim())];
    }),
  );
}

function countExports(exporter: SpanExporter, onExported: (count: number, error: unknown) => void): SpanExporter {
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        const isTaken = result.code === 0;
        onExported(spans.length, isTaken ? null : (result.error ?? new Error('the receiver did not take the spans')));
        onResult(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

function toSampler({ sampler, sampleRate01 }: TracerSettings): Sampler {
  const parentBased = sampler.startsWith('parentbased_');
  const name = parentBased ? sampler.slice('parentbased_'.length) : sampler;
  const root = toRootSampler(name, sampleRate01);
  return parentBased ? new ParentBasedSampler({ root }) : root;
}

function toRootSampler(name: string, sampleRate01: number): Sampler {
  if (name === 'traceidratio') return new TraceIdRatioBasedSampler(sampleRate01);
  return name === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler();
}

/** `parent` is what `parseTraceparent` or a span gave: its shape is known. */
function toContext(parent: string | null): Context {
  if (parent === null) return ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = '00'] = parent.split('-');
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
  });
}
