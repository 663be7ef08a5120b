import type { SegmentAnswer } from '@px-platform/schemas';
import { Router } from 'express';
import { checkContentType } from '../http/check-content-type.ts';
import { cors } from '../http/cors.ts';
import { isProblem, type Problem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleIngest, type Take } from '../ingest/handle-ingest.ts';
import { type Family, limitsOf, type Received } from '../ingest/receive.ts';
import type { IngestDeps } from '../ingest/store-events.ts';
import { type ParsedCalls, parseCall, parseCalls } from './parse-calls.ts';
import { storeCalls } from './store-calls.ts';
import type { CallType } from './to-wire-event.ts';

/** Paths of single calls, the full one first; the letters are those of Segment's browser library. */
export const callPaths: readonly [CallType, string[]][] = [
  ['track', ['/v1/track', '/v1/t']],
  ['page', ['/v1/page', '/v1/p']],
  ['screen', ['/v1/screen', '/v1/s']],
  ['identify', ['/v1/identify', '/v1/i']],
  ['group', ['/v1/group', '/v1/g']],
  ['alias', ['/v1/alias', '/v1/a']],
];

/** RudderStack's server client sends its gzipped JSON under the type that its HTTP library gives any bytes, a form's. */
const segmentCalls: Family = {
  scope: 'events:write',
  keyField: 'writeKey',
  checkType: (header) =>
    /^application\/x-www-form-urlencoded\b/i.test(header ?? '') ? null : checkContentType(header),
};

/**
 * Mounts Segment's HTTP tracking API, so that its clients, and RudderStack's, work by changing the host. Answers
 * `{"success": true}` once what was accepted is durable, and says of each refused call why. Source: contract 2,
 * https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
 */
export function createSegmentRouter(deps: IngestDeps): Router {
  const router = Router();
  const mount = (path: string, take: Take) =>
    router
      .route(path)
      .all(cors)
      .post(handleIngest(deps, take, segmentCalls))
      .all(refuseMethod('POST'));
  for (const [type, paths] of callPaths) for (const path of paths) mount(path, takeCall(type));
  for (const path of ['/v1/batch', '/v1/b']) mount(path, takeBatch);
  return router;
}

const takeCall = (type: CallType) => takeCalls(({ json }) => parseCall(json, type));
const takeBatch = takeCalls(({ json, caller }) => parseCalls(json, limitsOf(caller)));

function takeCalls(parse: (received: Received) => ParsedCalls | Problem): Take {
  return async (req, res, received, deps) => {
    const parsed = parse(received);
    if (isProblem(parsed)) return parsed;
    const validated = await storeCalls(req, res, { received, parsed }, deps);
    if (isProblem(validated)) return validated;
    const { accepted, refused } = validated;
    if (refused.length === 0) return { kind: 'taken', status: 200, answer: { success: true } satisfies SegmentAnswer };
    const rejected = { rejected: refused.length, events: [...refused] };
    const answer: SegmentAnswer = { success: true, ...rejected };
    if (accepted.length > 0) return { kind: 'taken', status: 200, answer };
    return toProblem('nothing_accepted', 'None of the calls was taken; details say why.', { details: rejected });
  };
}
