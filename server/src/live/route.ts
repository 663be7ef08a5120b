import type { EventReader } from '@px-platform/store';
import { type Request, type Response, Router } from 'express';
import type { Admit } from '../auth/admit.ts';
import type { Authenticator } from '../auth/authenticate.ts';
import { isProblem, sendProblem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import type { ServerMetrics } from '../metrics.ts';
import { projectOf } from '../query/project-of.ts';
import { createEventStream } from './event-stream.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';

const pollMs = 500;
/** How often a stream's key or token is looked at again: a revocation holds within 5 s everywhere. */
const recheckMs = 4_000;

/** What the live route needs from outside. */
export interface LiveDeps {
  readonly reader: EventReader;
  readonly admit: Admit;
  /** Looks again whether an open stream's key still holds. */
  readonly authenticator: Authenticator;
  readonly metrics: ServerMetrics;
  /** Ends every stream when aborted. */
  readonly stopping: AbortSignal;
}

/**
 * Mounts `GET /api/v1/live`: rows as they are stored, as server-sent events of one row each, for a key
 * or read token that may read. `Last-Event-ID` resumes after that event; a row may come twice, none is
 * left out. A stream ends when its key is revoked or its token expires, and when the server stops.
 */
export function createLiveRouter(deps: LiveDeps): Router {
  const feed = createLiveFeed({
    reader: deps.reader,
    pollMs,
    onPollFailed: () => deps.metrics.livePollFailed(),
  });
  const router = Router();
  router.route('/api/v1/live').get(createHandler(feed, deps)).all(refuseMethod('GET'));
  return router;
}

function createHandler(feed: LiveFeed, deps: LiveDeps): (req: Request, res: Response) => Promise<void> {
  const { admit, authenticator, metrics, stopping } = deps;
  return async (req, res) => {
    const caller = await admit(req, res, { scope: 'query:read' });
    if (isProblem(caller)) return sendProblem(res, caller);
    if (stopping.aborted)
      return sendProblem(res, toProblem('not_ready', 'The server stops.', { retryAfterSeconds: 5 }));

    const stream = createEventStream(res);
    const stopListening = await feed.listen(projectOf(caller), req.get('last-event-id') ?? null, stream);
    if (res.closed || stopping.aborted) {
      stopListening();
      return stream.end();
    }
    const end = () => stream.end();
    const recheck = setInterval(async () => {
      // A control store that is away says nothing against the key: the stream goes on.
      const again = await authenticator.authenticate(req, { scope: 'query:read' }).catch(() => caller);
      if (isProblem(again)) end();
    }, recheckMs);
    stopping.addEventListener('abort', end);
    metrics.liveStreamOpened();
    res.once('close', () => {
      stopListening();
      clearInterval(recheck);
      stopping.removeEventListener('abort', end);
      metrics.liveStreamClosed();
    });
    stream.start();
  };
}
