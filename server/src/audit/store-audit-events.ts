import { auditTopic, eventLimits } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import { isProblem, type Problem } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';
import { appendRecords } from '../ingest/append-records.ts';
import type { ParsedBatch } from '../ingest/parse-batch.ts';
import type { Received } from '../ingest/receive.ts';
import { parseSchemaVersion } from '../ingest/schema-version.ts';
import type { IngestDeps } from '../ingest/store-events.ts';
import type { Stored } from '../ingest/take.ts';
import { validateEach } from '../ingest/validate-batch.ts';
import { toAuditRecords } from './to-audit-records.ts';
import { validateAuditEvent } from './validate-audit-event.ts';

/**
 * Validates a request's audit events and appends those that are accepted; gives what became of each once they are
 * durable. Throws `log_full` and `log_unavailable`: then none of them is kept.
 */
export async function storeAuditEvents(
  req: Request,
  res: Response,
  request: { readonly received: Received; readonly batch: ParsedBatch },
  deps: IngestDeps,
): Promise<Stored | Problem> {
  const { received, batch } = request;
  const { metrics, newId } = deps;
  const schemaVersion = parseSchemaVersion(req.headers['x-event-schema-version']);
  if (isProblem(schemaVersion)) return schemaVersion;
  const isSizeChecked = received.jsonBytes > eventLimits.maxEventBytes;
  const validated = validateEach(batch.events, (raw) => validateAuditEvent(raw, { isSizeChecked, newId }));
  if (validated.accepted.length > 0) {
    const { tenant, project, grant } = received.caller;
    const context = contextOf(res);
    const { requestId, receivedAt, traceparent } = context;
    const head = {
      tenant_id: tenant.id,
      project_id: project.id,
      key_prefix: grant.key.prefix,
      request_id: requestId,
      ...(traceparent === null ? {} : { traceparent }),
      schema_version: schemaVersion,
      received_at: receivedAt,
      sent_at: batch.sentAt,
    };
    await appendRecords(deps, { context, topic: auditTopic, records: toAuditRecords(head, validated.accepted) });
    metrics.eventsCleaned(validated);
  }
  metrics.auditEventsTaken({ accepted: validated.accepted.length, rejected: validated.rejectedCodes.length });
  for (const code of validated.rejectedCodes) metrics.eventRejected(code);
  return validated;
}
