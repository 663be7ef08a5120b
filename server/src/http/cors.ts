import type { RequestHandler } from 'express';

const allowedHeaders = [
  'content-type',
  'content-encoding',
  'authorization',
  'x-api-key',
  'x-px-project-id',
  'x-request-id',
  'x-event-schema-version',
  // What tracing in a page adds to its requests.
  'traceparent',
  'tracestate',
  // Segment's browser library counts its tries.
  'x-retry-count',
].join(', ');

/**
 * Opens a route to pages of any origin, without credentials: which origins a key may be used from is
 * checked with the key. Answers the preflight itself, 204, to be kept for a day.
 */
export const cors: RequestHandler = (req, res, next) => {
  res.setHeader('Access-Control-Allow-Origin', '*');
  res.setHeader('Access-Control-Expose-Headers', 'Retry-After, X-Request-ID');
  if (req.method !== 'OPTIONS') return next();
  res.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
  res.setHeader('Access-Control-Allow-Headers', allowedHeaders);
  res.setHeader('Access-Control-Max-Age', '86400');
  res.status(204).end();
};
