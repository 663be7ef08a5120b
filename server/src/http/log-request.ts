import type { Logger } from '@px-platform/runtime';
import type { Request, RequestHandler, Response } from 'express';
import type { ServerMetrics } from '../metrics.ts';
import { toTraceId } from './parse-traceparent.ts';
import { contextOf } from './request-context.ts';

/**
 * Writes one line and one measurement a request, when its answer has left or its client has. Names
 * the route's pattern, never the address, the key, the body or the IP. `stopwatch` gives ms.
 */
export function logRequest(deps: { logger: Logger; metrics: ServerMetrics; stopwatch: () => number }): RequestHandler {
  const { logger, metrics, stopwatch } = deps;
  return (req, res, next) => {
    const startedAt = stopwatch();
    res.once('close', () => {
      const latencyMs = stopwatch() - startedAt;
      const context = contextOf(res);
      if (!res.writableFinished && context.outcome === 'ok') context.outcome = 'aborted';
      const route = toRoute(req);
      const status = res.headersSent ? res.statusCode : 0;
      metrics.requestEnded({ route, method: req.method, status, outcome: context.outcome, seconds: latencyMs / 1_000 });
      const line = {
        request_id: context.requestId,
        ...(context.traceparent === null ? {} : { trace_id: toTraceId(context.traceparent) }),
        ...toCallerFields(res),
        method: req.method,
        route,
        status,
        outcome: context.outcome,
        latency_ms: Math.round(latencyMs * 100) / 100,
      };
      if (status >= 500) logger.error(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}

/** In a route's place where none took the request. */
export const unmatched = 'unmatched';

/** Gives the pattern that took the request: a closed list, fit for a metric's label. */
export function toRoute(req: Request): string {
  const path: unknown = req.route?.path;
  return typeof path === 'string' ? req.baseUrl + path : unmatched;
}

function toCallerFields(res: Response): { tenant_id?: string; project_id?: string; key_prefix?: string } {
  const { caller } = contextOf(res);
  if (caller === null) return {};
  if (caller.kind === 'read_token') return { project_id: caller.projectId };
  return { tenant_id: caller.tenant.id, project_id: caller.project.id, key_prefix: caller.grant.key.prefix };
}
