import type { Clock } from '@px-platform/runtime';
import type { RequestHandler } from 'express';
import { parseTraceparent } from './parse-traceparent.ts';
import type { RequestContext } from './request-context.ts';

const saneRequestId = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Gives each request its context, and each answer its `X-Request-ID`: the client's where it is sane
 * (1..128 of letters, digits, `.`, `_`, `-`), else a new one.
 */
export function assignContext({ clock, newId }: { clock: Clock; newId: () => string }): RequestHandler {
  return (req, res, next) => {
    const given = req.headers['x-request-id'];
    const requestId = typeof given === 'string' && saneRequestId.test(given) ? given : newId();
    const traceparent = parseTraceparent(req.headers['traceparent']);
    const context: RequestContext = { requestId, traceparent, receivedAt: clock(), caller: null, outcome: 'ok' };
    res.locals['context'] = context;
    res.setHeader('X-Request-ID', requestId);
    next();
  };
}
