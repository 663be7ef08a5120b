import { type ProblemBody, type ProblemCode, problemStatus } from '@px-platform/schemas';
import type { Response } from 'express';
import { contextOf } from './request-context.ts';

/** Why a request is refused: a value, given by parsers and checks, sent by `sendProblem`. */
export interface Problem {
  readonly kind: 'problem';
  readonly code: ProblemCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
  readonly retryAfterSeconds?: number;
}

/** Builds a problem. A size problem names the size, the limit and the unit in `details`. */
export function toProblem(
  code: ProblemCode,
  message: string,
  more: { details?: Record<string, unknown>; retryAfterSeconds?: number } = {},
): Problem {
  return { kind: 'problem', code, message, ...more };
}

/** Says whether a value is a problem rather than what was asked for. */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problem';
}

/** Answers a request with a problem, in the one shape of contract 2. Never throws; does nothing once headers are sent. */
export function sendProblem(res: Response, problem: Problem): void {
  if (res.headersSent) return;
  const context = contextOf(res);
  context.outcome = problem.code;
  if (problem.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(problem.retryAfterSeconds));
  const body: ProblemBody = {
    error: {
      code: problem.code,
      message: problem.message,
      request_id: context.requestId,
      ...(problem.details === undefined ? {} : { details: problem.details }),
    },
  };
  res.status(problemStatus[problem.code]).json(body);
}
