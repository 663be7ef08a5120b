import type { LogStatus } from '@px-platform/log';
import type { QueueStatus } from '@px-platform/schemas';
import { type Request, type Response, Router } from 'express';
import { cors } from '../http/cors.ts';
import { isProblem, sendProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { sendJson } from '../http/send-json.ts';
import { handleIngest, type Take } from './handle-ingest.ts';
import { storeImport } from './import/store-import.ts';
import { parseSingle } from './parse-batch.ts';
import { type NamedRoute, namedRoutes, parseNamed } from './parse-named.ts';
import { type IngestDeps, storeEvents } from './store-events.ts';
import { takeBatch, takeOne } from './take.ts';

/**
 * Mounts `POST /api/v1/events`, `/api/v1/events/batch`, `/api/v1/events/import`, `/api/v1/identify`, `/group`, `/alias`, `/page` and
 * `GET /api/v1/events/queue/status`. An answer of 202 means that the accepted events are durable in the log.
 * Source: contracts 1 and 2.
 */
export function createIngestRouter(deps: IngestDeps): Router {
  const router = Router();
  router.route('/api/v1/events').all(cors).post(handleIngest(deps, takeSingle)).all(refuseMethod('POST'));
  router
    .route('/api/v1/events/batch')
    .all(cors)
    .post(handleIngest(deps, takeBatch(storeEvents)))
    .all(refuseMethod('POST'));
  router
    .route('/api/v1/events/import')
    .post(handleIngest(deps, takeBatch(storeImport)))
    .all(refuseMethod('POST'));
  for (const route of namedRoutes) {
    router
      .route(route.path)
      .all(cors)
      .post(handleIngest(deps, takeNamed(route)))
      .all(refuseMethod('POST'));
  }
  router.route('/api/v1/events/queue/status').all(cors).get(createStatusHandler(deps)).all(refuseMethod('GET'));
  return router;
}

const takeSingle = takeOne(parseSingle, storeEvents);
const takeNamed = (route: NamedRoute): Take => takeOne((json) => parseNamed(json, route), storeEvents);

function createStatusHandler({ log, admit }: IngestDeps): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const caller = await admit(req, res, { scope: 'events:write' });
    if (isProblem(caller)) return sendProblem(res, caller);
    sendJson(res, 200, toQueueStatus(await log.status()));
  };
}

function toQueueStatus({ backend, depth, oldestAgeMs, lagByPartition, spool }: LogStatus): QueueStatus {
  const queue = { backend, depth, oldest_age_ms: oldestAgeMs, lag_by_partition: { ...lagByPartition } };
  // The embedded log is its own spool: nothing waits beside it.
  if (spool === undefined) return { ...queue, spooled: 0 };
  return {
    ...queue,
    spooled: spool.depth,
    spool: {
      in_use: spool.isInUse,
      depth: spool.depth,
      bytes: spool.bytes,
      max_bytes: spool.maxBytes,
      oldest_age_ms: spool.oldestAgeMs,
      set_aside: spool.setAside,
    },
  };
}
