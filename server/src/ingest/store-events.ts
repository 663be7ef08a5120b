import type { EventLog } from '@px-platform/log';
import type { Tracer } from '@px-platform/runtime';
import { eventLimits, eventTopic } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import type { Admit } from '../auth/admit.ts';
import { isProblem, type Problem } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { WorkLine } from '../overload/work-line.ts';
import type { PlanCache } from '../plans/plan-cache.ts';
import { appendRecords } from './append-records.ts';
import type { ParsedBatch } from './parse-batch.ts';
import type { Received } from './receive.ts';
import { parseSchemaVersion } from './schema-version.ts';
import { toRecordHead } from './to-record-head.ts';
import { toRecords } from './to-records.ts';
import { type ValidatedBatch, validateBatch } from './validate-batch.ts';

/** What the ingest routes need from outside. */
export interface IngestDeps {
  readonly log: EventLog;
  readonly line: WorkLine;
  readonly admit: Admit;
  readonly plans: PlanCache;
  readonly metrics: ServerMetrics;
  readonly tracer: Tracer | null;
  readonly newId: () => string;
  readonly timeoutMs: number;
}

/**
 * Validates a request's events and appends those that are accepted; gives what became of each once they are durable.
 * Throws `log_full`, `log_unavailable` and `control_unavailable`: then none of them is kept.
 */
export async function storeEvents(
  req: Request,
  res: Response,
  request: { readonly received: Received; readonly batch: ParsedBatch },
  deps: IngestDeps,
): Promise<ValidatedBatch | Problem> {
  const { received, batch } = request;
  const schemaVersion = parseSchemaVersion(req.headers['x-event-schema-version']);
  if (isProblem(schemaVersion)) return schemaVersion;
  const validated = validateBatch(batch.events, {
    defaults: batch.defaults,
    isSizeChecked: received.jsonBytes > eventLimits.maxEventBytes,
    newId: deps.newId,
    checkPlan: await deps.plans.find(received.caller.project),
  });
  if (validated.accepted.length > 0) {
    const context = contextOf(res);
    const head = toRecordHead(req, { context, caller: received.caller, batch, schemaVersion });
    await appendRecords(deps, { context, topic: eventTopic, records: toRecords(head, validated.accepted) });
    deps.metrics.eventsAccepted(validated.accepted.length);
    deps.metrics.eventsCleaned(validated);
    deps.metrics.eventsMarked(validated.accepted);
  }
  for (const code of validated.rejectedCodes) deps.metrics.eventRejected(code);
  return validated;
}
