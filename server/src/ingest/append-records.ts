import type { AppendRecord, EventLog } from '@px-platform/log';
import { AppError, type Tracer } from '@px-platform/runtime';
import type { RequestContext } from '../http/request-context.ts';

/**
 * Appends a request's records to the log of a topic; where spans are made, under one that lasts until they are durable.
 * Throws what the log throws. Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
export async function appendRecords(
  { log, tracer }: { readonly log: EventLog; readonly tracer: Tracer | null },
  { context, topic, records }: { context: RequestContext; topic: string; records: readonly AppendRecord[] },
): Promise<void> {
  if (tracer === null) {
    await log.append(records);
    return;
  }
  const span = tracer.startSpan(`send ${topic}`, {
    kind: 'producer',
    parent: context.traceparent,
    facts: {
      'messaging.system': 'px_log',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topic,
      'messaging.batch.message_count': records.length,
    },
  });
  try {
    await log.append(records);
    span.end();
  } catch (error) {
    span.end({ error: error instanceof AppError ? error.code : 'internal' });
    throw error;
  }
}
