import { type EventResult, eventLimits } from '@px-platform/schemas';
import { type Problem, toProblem } from '../http/problem.ts';

/**
 * Gives the problem of a single event that was rejected: `body_too_large` where its size was the
 * reason, else `invalid_body`; the rejection's code and path are in `details`.
 */
export function toSingleProblem({ results }: { readonly results: readonly EventResult[] }): Problem {
  const rejection = results[0]?.error;
  if (rejection === undefined) return toProblem('invalid_body', 'The body is not one event.');
  if (rejection.code === 'event_too_large') {
    const details = { ...rejection, limit: eventLimits.maxEventBytes, unit: 'bytes' };
    return toProblem('body_too_large', rejection.message, { details });
  }
  const at = rejection.path === '' ? '' : `${rejection.path}: `;
  return toProblem('invalid_body', at + rejection.message, { details: { ...rejection } });
}
