import type { EventLog } from '@px-platform/log';
import type { Tracer } from '@px-platform/runtime';
import { eventLimits } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import type { Admit } from '../auth/admit.ts';
import { isProblem, type Problem } from '../http/problem.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { WorkLine } from '../overload/work-line.ts';
import type { PlanCache } from '../plans/plan-cache.ts';
import { appendAccepted } from './append-accepted.ts';
import type { ParsedBatch } from './parse-batch.ts';
import type { Received } from './receive.ts';
import { parseSchemaVersion } from './schema-version.ts';
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
  const { accepted } = validated;
  const { caller } = received;
  const appended = { caller, batch, schemaVersion, validated, accepted };
  await appendAccepted(req, res, { ...appended, toRecords: (head) => toRecords(head, accepted) }, deps);
  return validated;
}
