import type { RequestHandler } from 'express';
import type { ServerDeps } from '../server-deps.ts';
import { parseTraceparent } from './parse-traceparent.ts';
import type { RequestContext } from './request-context.ts';

const saneRequestId = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives the client's request id where it is sane (1..128 of letters, digits, `.`, `_`, `-`), else a new one. */
export function chooseRequestId(given: string | string[] | undefined, newRequestId: () => string): string {
  return typeof given === 'string' && saneRequestId.test(given) ? given : newRequestId();
}

/** Gives each request its context, and each answer its `X-Request-ID`. */
export function assignContext({ clock, newRequestId }: Pick<ServerDeps, 'clock' | 'newRequestId'>): RequestHandler {
  return (req, res, next) => {
    const requestId = chooseRequestId(req.headers['x-request-id'], newRequestId);
    const traceparent = parseTraceparent(req.headers['traceparent']);
    const context: RequestContext = { requestId, traceparent, receivedAt: clock(), caller: null, outcome: 'ok' };
    res.locals['context'] = context;
    res.setHeader('X-Request-ID', requestId);
    next();
  };
}
