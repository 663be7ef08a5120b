/** What a span is of. Source: https://opentelemetry.io/docs/specs/otel/trace/api/#spankind */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';

/** Facts of a span, named by OpenTelemetry's semantic conventions, or `px.*`. Never keys, bodies, addresses or queries. */
export type SpanFacts = Readonly<Record<string, string | number>>;

/** A piece of work that is under way. */
export interface Span {
  /** As W3C Trace Context writes it: what is done for this span names it as its parent. */
  readonly traceparent: string;
  /** Ends it now; `error` names why it failed. Only the first call counts. Never throws. */
  end(how?: SpanEnd): void;
}

/** What is known of a span only when it ends. */
export interface SpanEnd {
  /** In place of the name that it began with. */
  readonly name?: string;
  readonly facts?: SpanFacts;
  /** Why it failed: a code of a closed list. */
  readonly error?: string | undefined;
}

/** Tells where the time of a request goes, across threads and processes. */
export interface Tracer {
  /** Begins a span, now or at `startedAt` (epoch ms), under a parent's `traceparent` or, where that is null, as a trace of its own. Never throws. */
  startSpan(
    name: string,
    span: {
      readonly kind: SpanKind;
      readonly parent: string | null;
      readonly startedAt?: number;
      readonly facts?: SpanFacts;
    },
  ): Span;
  /** Sends what is left, for 2 s at most. */
  close(): Promise<void>;
}

/** What became of spans. */
export interface TracerTelemetry {
  spansExported(count: number): void;
  /** The receiver did not take them. */
  spansFailed(count: number, error: unknown): void;
  /** More came than can be sent. */
  spanDropped(): void;
}

/** How spans are sampled: OpenTelemetry's names. */
export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Where spans go, and which. */
export interface TracerSettings {
  /** Base URL of an OTLP/HTTP receiver; `/v1/traces` is added. */
  readonly endpoint: string;
  /** As `name=value,name=value`, percent-encoded. */
  readonly headers: string;
  readonly serviceName: string;
  readonly sampler: (typeof samplers)[number];
  /** Share of traces for the `traceidratio` samplers, 0..1. */
  readonly sampleRate01: number;
}
