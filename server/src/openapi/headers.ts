import { z } from 'zod';

const header = (id: string, schema: z.ZodType, description: string) => schema.meta({ description, header: { id } });
const param = (id: string, schema: z.ZodType, description: string) =>
  schema.optional().meta({ description, param: { id } });

const requestId = /^[A-Za-z0-9._-]{1,128}$/;
const digits = z.string().regex(/^\d+$/);

/** What every request may bear. */
export const everyRequest = z.object({
  'X-Request-ID': param(
    'RequestId',
    z.string(),
    'Comes back where it is 1..128 letters, digits, `.`, `_` and `-`; else the answer bears a new one.',
  ),
  traceparent: param('Traceparent', z.string(), 'W3C Trace Context; one that is invalid counts as not sent.'),
});

/** What a request that bears a key may bear. */
export const keyRequest = {
  'X-PX-Project-ID': param('ProjectId', z.string(), "Where given, it must be the key's own project."),
};

/** What a request that bears events may bear. */
export const eventRequest = {
  'X-Event-Schema-Version': param(
    'EventSchemaVersion',
    z.string().regex(/^1\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})([-+][0-9A-Za-z.+-]{1,50})?$/),
    'Semantic version of the wire format, 1.0.0 unless told; any minor of major 1 is taken.',
  ),
};

/** What every answer bears. */
export const everyAnswer = {
  'X-Request-ID': header('RequestId', z.string().regex(requestId), 'Stands in every log line of the request.'),
};

/** Seconds to wait before the next try. */
export const retryAfter = header('RetryAfter', digits, 'Seconds to wait.');

/** What an answer bears where the key's rate is held: of the window with the fewest requests left. */
export const rateHeaders = {
  'RateLimit-Limit': header('RateLimitLimit', digits.optional(), 'Requests that the window takes.'),
  'RateLimit-Remaining': header('RateLimitRemaining', digits.optional(), 'Requests that are left in it.'),
  'RateLimit-Reset': header('RateLimitReset', digits.optional(), 'Seconds until it begins anew.'),
  'RateLimit-Policy': header('RateLimitPolicy', z.string().optional(), 'Requests and seconds: `100;w=60`.'),
  'X-RateLimit-Limit': header('XRateLimitLimit', digits.optional(), 'As RateLimit-Limit.'),
  'X-RateLimit-Remaining': header('XRateLimitRemaining', digits.optional(), 'As RateLimit-Remaining.'),
  'X-RateLimit-Reset': header('XRateLimitReset', digits.optional(), 'Epoch seconds at which the window begins anew.'),
};
