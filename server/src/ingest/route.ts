import type { EventLog } from '@px-platform/log';
import { type BatchAnswer, type EventAnswer, eventLimits, type QueueStatus } from '@px-platform/schemas';
import { type Request, type Response, Router } from 'express';
import type { Authenticator } from '../auth/authenticate.ts';
import { cors } from '../http/cors.ts';
import { isProblem, type Problem, sendProblem } from '../http/problem.ts';
import { aborted } from '../http/read-body.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { contextOf } from '../http/request-context.ts';
import { sendJson } from '../http/send-json.ts';
import type { ServerMetrics } from '../metrics.ts';
import { type ParsedBatch, parseBatch, parseSingle } from './parse-batch.ts';
import { limitsOf, type Received, receive } from './receive.ts';
import { parseSchemaVersion } from './schema-version.ts';
import { toSingleProblem } from './single-problem.ts';
import { toRecordHead } from './to-record-head.ts';
import { toRecords } from './to-records.ts';
import { type ValidatedBatch, validateBatch } from './validate-batch.ts';

/** What the ingest routes need from outside. */
export interface IngestDeps {
  readonly log: EventLog;
  readonly authenticator: Authenticator;
  readonly metrics: ServerMetrics;
  readonly newId: () => string;
  readonly timeoutMs: number;
}

/**
 * Mounts `POST /api/v1/events`, `/api/v1/events/batch` and `GET /api/v1/events/queue/status`. An answer
 * of 202 means that the accepted events are durable in the log. Source: contracts 1 and 2.
 */
export function createIngestRouter(deps: IngestDeps): Router {
  const router = Router();
  router.route('/api/v1/events').all(cors).post(createHandler(deps, takeSingle)).all(refuseMethod('POST'));
  router.route('/api/v1/events/batch').all(cors).post(createHandler(deps, takeBatch)).all(refuseMethod('POST'));
  router.route('/api/v1/events/queue/status').all(cors).get(createStatusHandler(deps)).all(refuseMethod('GET'));
  return router;
}

/** What one request's events became, for its answer. */
interface Taken {
  readonly kind: 'taken';
  readonly status: 202 | 400;
  readonly answer: EventAnswer | BatchAnswer;
}

type Take = (req: Request, res: Response, received: Received, deps: IngestDeps) => Promise<Taken | Problem>;

function createHandler(deps: IngestDeps, take: Take): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const received = await receive(req, res, deps);
    if (received === aborted) {
      contextOf(res).outcome = aborted;
      return;
    }
    const taken = isProblem(received) ? received : await take(req, res, received, deps);
    if (isProblem(taken)) return sendProblem(res, taken);
    if (taken.status === 400) contextOf(res).outcome = 'nothing_accepted';
    sendJson(res, taken.status, taken.answer);
  };
}

async function takeSingle(req: Request, res: Response, received: Received, deps: IngestDeps): Promise<Taken | Problem> {
  const batch = parseSingle(received.json);
  if (isProblem(batch)) return batch;
  const validated = await store(req, res, { received, batch }, deps);
  if (isProblem(validated)) return validated;
  const [event] = validated.accepted;
  if (event === undefined) return toSingleProblem(validated);
  const receivedAt = new Date(contextOf(res).receivedAt).toISOString();
  return { kind: 'taken', status: 202, answer: { event_id: event.event_id, received_at: receivedAt } };
}

async function takeBatch(req: Request, res: Response, received: Received, deps: IngestDeps): Promise<Taken | Problem> {
  const batch = parseBatch(received.json, limitsOf(received.caller));
  if (isProblem(batch)) return batch;
  const validated = await store(req, res, { received, batch }, deps);
  if (isProblem(validated)) return validated;
  const { accepted, results } = validated;
  return {
    kind: 'taken',
    status: accepted.length === 0 ? 400 : 202,
    answer: { accepted: accepted.length, rejected: results.length - accepted.length, events: [...results] },
  };
}

/** Validates the events and appends those that are accepted; gives them once they are durable. */
async function store(
  req: Request,
  res: Response,
  request: { received: Received; batch: ParsedBatch },
  deps: IngestDeps,
): Promise<ValidatedBatch | Problem> {
  const { received, batch } = request;
  const schemaVersion = parseSchemaVersion(req.headers['x-event-schema-version']);
  if (isProblem(schemaVersion)) return schemaVersion;
  const validated = validateBatch(batch.events, {
    defaults: batch.defaults,
    isSizeChecked: received.jsonBytes > eventLimits.maxEventBytes,
    newId: deps.newId,
  });
  if (validated.accepted.length > 0) {
    const head = toRecordHead(req, { context: contextOf(res), caller: received.caller, batch, schemaVersion });
    await deps.log.append(toRecords(head, validated.accepted));
    deps.metrics.eventsAccepted(validated.accepted.length);
    deps.metrics.eventsCleaned(validated);
  }
  for (const code of validated.rejectedCodes) deps.metrics.eventRejected(code);
  return validated;
}

function createStatusHandler({ log, authenticator }: IngestDeps): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const caller = await authenticator.authenticate(req, { scope: 'events:write' });
    if (isProblem(caller)) return sendProblem(res, caller);
    contextOf(res).caller = caller;
    const status = await log.status();
    const answer: QueueStatus = {
      backend: status.backend,
      depth: status.depth,
      oldest_age_ms: status.oldestAgeMs,
      // The embedded log is its own spool: nothing waits beside it.
      spooled: 0,
      lag_by_partition: { ...status.lagByPartition },
    };
    sendJson(res, 200, answer);
  };
}
