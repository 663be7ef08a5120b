import type { Request, Response } from 'express';
import { isProblem, type Problem, sendProblem } from '../http/problem.ts';
import { aborted } from '../http/read-body.ts';
import { contextOf } from '../http/request-context.ts';
import { sendJson } from '../http/send-json.ts';
import { type Family, ownEvents, type Received, receive } from './receive.ts';
import type { IngestDeps } from './store-events.ts';

/** What one request's events became, for its answer; 400 where none was accepted. */
export interface Taken {
  readonly kind: 'taken';
  readonly status: 200 | 202 | 400;
  readonly answer: object;
}

/** A route's own part: what was received -> what was stored of it, once it is durable. */
export type Take = (req: Request, res: Response, received: Received, deps: IngestDeps) => Promise<Taken | Problem>;

/** Builds the handler of a route that stores events: receive, take, answer. */
export function handleIngest(
  deps: IngestDeps,
  take: Take,
  family: Family = ownEvents,
): (req: Request, res: Response) => Promise<void> {
  const receiving = { ...deps, family };
  return async (req, res) => {
    const received = await receive(req, res, receiving);
    if (received === aborted) {
      contextOf(res).outcome = aborted;
      return;
    }
    const taken = isProblem(received) ? received : await take(req, res, received, deps);
    if (isProblem(taken)) return sendProblem(res, taken);
    if (taken.status === 400) contextOf(res).outcome = 'nothing_accepted';
    sendJson(res, taken.status, taken.answer);
  };
}
