import type { RequestHandler } from 'express';
import { sendProblem, toProblem } from './problem.ts';

/** Answers 405 on a known path with a method it does not take; `allowed` names those it does. */
export function refuseMethod(...allowed: string[]): RequestHandler {
  const list = allowed.join(', ');
  return (req, res) => {
    res.setHeader('Allow', list);
    sendProblem(res, toProblem('method_not_allowed', `This path takes ${list}, not ${req.method}.`));
  };
}

/** Answers 404 where no route took the request. */
export const refusePath: RequestHandler = (_req, res) => {
  sendProblem(res, toProblem('not_found', 'There is nothing at this path. See docs/api.md for what there is.'));
};
