import type { Request, Response } from 'express';
import { isProblem, type Problem } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Authenticator, Need } from './authenticate.ts';
import type { Caller } from './caller.ts';

/** Lets a request in, or says why not: its caller is who they say, may do this, and has not asked too often. */
export type Admit = (req: Request, res: Response, need: Need) => Promise<Caller | Problem>;

/**
 * Builds the one way in: authenticates, notes the caller in the request's context, counts the request. Throws
 * `control_unavailable` where a key can't be looked up.
 */
export function createAdmit(authenticator: Authenticator, limiter: RateLimiter): Admit {
  return async (req, res, need) => {
    const caller = await authenticator.authenticate(req, need);
    if (isProblem(caller)) return caller;
    contextOf(res).caller = caller;
    return (await limiter.count(req, res, caller)) ?? caller;
  };
}
