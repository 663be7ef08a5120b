import type { Tracer } from '@px-platform/runtime';
import type { RequestHandler } from 'express';
import { toRoute, unmatched } from './log-request.ts';
import { contextOf } from './request-context.ts';

/** Asked for every few seconds by machines: their traces would hide the others. */
const untraced = /^\/(health|metrics)/;

/**
 * Makes one span of each request, under the client's where it sent a `traceparent`; from then on the request's context,
 * and so its log line and its records, bear this span's. Names the route's pattern and never the query.
 * Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceRequest(tracer: Tracer): RequestHandler {
  return (req, res, next) => {
    if (untraced.test(req.path)) return next();
    const context = contextOf(res);
    const span = tracer.startSpan(req.method, {
      kind: 'server',
      parent: context.traceparent,
      facts: { 'http.request.method': req.method, 'url.scheme': req.protocol, 'px.request_id': context.requestId },
    });
    context.traceparent = span.traceparent;
    res.once('close', () => {
      const route = toRoute(req);
      const { caller, outcome } = contextOf(res);
      span.end({
        name: `${req.method} ${route}`,
        error: res.statusCode >= 500 ? outcome : undefined,
        facts: {
          'px.outcome': outcome,
          ...(route === unmatched ? {} : { 'http.route': route, 'url.path': req.originalUrl.split('?', 1)[0] ?? '' }),
          ...(res.headersSent ? { 'http.response.status_code': res.statusCode } : {}),
          ...(caller?.kind === 'key' ? { 'px.project_id': caller.project.id } : {}),
        },
      });
    });
    next();
  };
}
