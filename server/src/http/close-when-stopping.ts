import type { RequestHandler } from 'express';

/** Closes each connection after its answer once the server stops: a busy client would never let it fall idle. */
export function closeWhenStopping(stopping: AbortSignal): RequestHandler {
  return (_req, res, next) => {
    if (stopping.aborted) res.setHeader('Connection', 'close');
    next();
  };
}
