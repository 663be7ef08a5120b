import type { AppendRecord, EventLog } from '@px-platform/log';
import type { Tracer } from '@px-platform/runtime';
import { type AcceptedEvent, eventTopic } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import { contextOf } from '../http/request-context.ts';
import type { ServerMetrics } from '../metrics.ts';
import { appendRecords } from './append-records.ts';
import type { ParsedBatch } from './parse-batch.ts';
import type { KeyCaller } from './receive.ts';
import { toRecordHead } from './to-record-head.ts';
import type { RecordHead } from './to-records.ts';
import type { ValidatedBatch } from './validate-batch.ts';

/** A request whose events were looked at, and how those accepted become records. */
export interface AcceptedEvents {
  readonly caller: KeyCaller;
  readonly batch: ParsedBatch;
  readonly schemaVersion: string;
  readonly validated: Pick<ValidatedBatch<unknown>, 'rejectedCodes' | 'cutStrings' | 'removedKeys'>;
  readonly accepted: readonly AcceptedEvent[];
  /** Gives the records of what was accepted, under what the request's records share. */
  readonly toRecords: (head: RecordHead) => readonly AppendRecord[];
}

/**
 * Appends a request's accepted events, if any, and counts these and the refused ones. Settles once they are durable. Throws
 * `log_full`, `log_unavailable` and `log_refused_records`: then none of them is kept, and nothing is counted.
 */
export async function appendAccepted(
  req: Request,
  res: Response,
  { caller, batch, schemaVersion, validated, accepted, toRecords }: AcceptedEvents,
  deps: { readonly log: EventLog; readonly tracer: Tracer | null; readonly metrics: ServerMetrics },
): Promise<void> {
  if (accepted.length > 0) {
    const context = contextOf(res);
    const head = toRecordHead(req, { context, caller, batch, schemaVersion });
    await appendRecords(deps, { context, topic: eventTopic, records: toRecords(head) });
    deps.metrics.eventsAccepted(accepted.length);
    deps.metrics.eventsCleaned(validated);
    deps.metrics.eventsMarked(accepted);
  }
  for (const code of validated.rejectedCodes) deps.metrics.eventRejected(code);
}
