import { AppError, type AppErrorCode, isAppError, type Logger } from '@px-platform/runtime';
import type { ErrorRequestHandler } from 'express';
import { type Problem, sendProblem, toProblem } from './problem.ts';
import { contextOf } from './request-context.ts';

/** How long a client is told to wait while the log can't take events, or a database is away. */
const retryAfterSeconds = 5;

/**
 * Catches what a request threw, once and for all of them: a broken world becomes a 503 with
 * Retry-After, a 422 or a 413; a bug a 500 that tells the client nothing but the request id. All of it is
 * logged with its stack, except a question over its budget, which is the asker's affair.
 */
export function handleErrors(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, _req, res, _next) => {
    const problem = toClientProblem(thrown);
    if (isOurs(problem, thrown)) {
      logger.error({ request_id: contextOf(res).requestId, outcome: problem.code, err: thrown }, 'request failed');
    }
    if (res.headersSent) {
      contextOf(res).outcome = problem.code;
      // The client has part of an answer: a broken connection says that the rest is missing.
      res.destroy();
      return;
    }
    sendProblem(res, problem);
  };
}

/** Says whether somebody here has to look at it: also at a log that takes less than our limits allow a client. */
function isOurs({ code }: Problem, thrown: unknown): boolean {
  const isFailure = code === 'internal' || code === 'not_durable' || code === 'not_ready';
  return isFailure || isAppError(thrown, 'log_refused_records');
}

function toClientProblem(thrown: unknown): Problem {
  if (thrown instanceof AppError) return fromAppError(thrown.code, thrown.message);
  // Express throws these for an address that is no valid percent-encoding.
  if (thrown instanceof URIError) return toProblem('invalid_parameter', 'The address is not valid percent-encoding.');
  if (isClientFault(thrown))
    return toProblem('invalid_parameter', 'The headers ask for what this address cannot give.');
  return internal;
}

/** Files are served by `send`, whose errors for a bad Range or a failed If-Match carry a 4xx `status`. */
function isClientFault(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('status' in thrown)) return false;
  return typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500;
}

function fromAppError(code: AppErrorCode, message: string): Problem {
  switch (code) {
    case 'log_full':
      return toProblem('not_durable', 'The log is full: nothing of this request was stored. Send it again later.', {
        retryAfterSeconds,
      });
    case 'log_unavailable':
      return toProblem('not_durable', 'The log is away: nothing of this request was stored. Send it again later.', {
        retryAfterSeconds,
      });
    case 'log_refused_records':
      return toProblem(
        'body_too_large',
        'The log takes no record as large as one of these: nothing of this request was stored. Send fewer events of a person at once, or smaller ones.',
      );
    case 'store_unavailable':
      return toProblem('not_ready', 'The event store is away. Ask again later.', { retryAfterSeconds });
    case 'control_unavailable':
      return toProblem('not_ready', 'The store of tenants and keys is away. Ask again later.', { retryAfterSeconds });
    case 'query_over_budget':
      return toProblem('query_over_budget', message);
    default:
      return internal;
  }
}

const internal = toProblem('internal', 'The server failed on this request. Its log says more under the request id.');
