import type { Span, Tracer } from '@px-platform/runtime';

/** The spans of one batch: of each traced record one from its reading to its commit, and in it one of the insert. */
export interface BatchTrace {
  /** The insert begins; a second call, where it is tried again, does nothing. */
  inserting(): void;
  /** The insert has ended, with so many rows in the batch. */
  inserted(rows: number): void;
  /** The batch is committed: its rows are there for good. */
  committed(): void;
}

/** A record, or one of its events, and where it lies. */
export interface Traceable {
  readonly record: {
    readonly traceparent?: string;
    readonly project_id: string;
    readonly request_id: string;
    readonly events: readonly unknown[];
  };
  readonly position: { readonly partition: number; readonly offset: number };
}

/** What is traced, as its spans name it: the topic's events, which are the table's rows. */
export type TracedTopic = 'events' | 'audit_events';

/** Records of one batch that are traced at most: a batch may hold thousands, and each span is half a KiB to be sent. */
const maxTraced = 200;

const nothing: BatchTrace = { inserting: () => undefined, inserted: () => undefined, committed: () => undefined };

/**
 * Begins the spans of the records whose trace is sampled, as children of their requests' spans, up to `maxTraced`; a span
 * that is never ended, since the process was, is never sent. Each record has an insert span of its own, with the
 * batch's times: a trace then runs to the stored row by itself, and needs no links followed.
 */
export function traceBatch(
  events: readonly Traceable[],
  deps: { readonly topic: TracedTopic; readonly tracer: Tracer | null; readonly onUntraced: (records: number) => void },
): BatchTrace {
  const { topic, tracer, onUntraced } = deps;
  if (tracer === null) return nothing;
  const records = new Map<Traceable['record'], Traceable>();
  for (const event of events) if (isSampled(event.record)) records.set(event.record, event);
  if (records.size > maxTraced) onUntraced(records.size - maxTraced);
  const spans = [...records.values()].slice(0, maxTraced).map((event) => startProcessing(tracer, topic, event));
  let inserts: Span[] = [];

  return {
    inserting() {
      if (inserts.length > 0) return;
      inserts = spans.map(({ traceparent }) =>
        tracer.startSpan(`INSERT ${topic}`, {
          kind: 'client',
          parent: traceparent,
          facts: { 'db.system.name': 'clickhouse', 'db.operation.name': 'INSERT', 'db.collection.name': topic },
        }),
      );
    },
    inserted(rows) {
      for (const span of inserts) span.end({ facts: { 'db.operation.batch.size': rows } });
    },
    committed() {
      for (const span of spans) span.end();
    },
  };
}

/** The last two digits of a `traceparent` are its flags, and their lowest bit says that the trace is sampled. */
function isSampled({ traceparent }: Traceable['record']): boolean {
  return traceparent !== undefined && (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1;
}

function startProcessing(tracer: Tracer, topic: TracedTopic, { record, position }: Traceable): Span {
  return tracer.startSpan(`process ${topic}`, {
    kind: 'consumer',
    parent: record.traceparent ?? null,
    facts: {
      'messaging.system': 'px_log',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(position.partition),
      'px.log.offset': position.offset,
      'px.project_id': record.project_id,
      'px.request_id': record.request_id,
      'px.events': record.events.length,
    },
  });
}
