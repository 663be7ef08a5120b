import { Router } from 'express';
import { checkContentType } from '../http/check-content-type.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleIngest } from '../ingest/handle-ingest.ts';
import { parseSingle } from '../ingest/parse-batch.ts';
import type { Family } from '../ingest/receive.ts';
import type { IngestDeps } from '../ingest/store-events.ts';
import { takeBatch, takeOne } from '../ingest/take.ts';
import { storeAuditEvents } from './store-audit-events.ts';

/** Audit events come from servers: no CORS, and a key that no page can hold. Source: contracts 2 and 3. */
const auditEvents: Family = { scope: 'audit:write', keyField: 'api_key', checkType: checkContentType };

/**
 * Mounts `POST /v1/events` and `/v1/events/batch`: who did what to which thing. An answer of 202 means that the accepted
 * events are durable in the log of their own topic, which `deps.log` is. Source: contract 2.
 */
export function createAuditRouter(deps: IngestDeps): Router {
  const router = Router();
  router
    .route('/v1/events')
    .post(handleIngest(deps, takeOne(parseSingle, storeAuditEvents), auditEvents))
    .all(refuseMethod('POST'));
  router
    .route('/v1/events/batch')
    .post(handleIngest(deps, takeBatch(storeAuditEvents), auditEvents))
    .all(refuseMethod('POST'));
  return router;
}
