import { setTimeout as wait } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { isProblem, type Problem } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';
import type { RefusalPace } from '../limits/hold-refusals.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { Authenticator, Need } from './authenticate.ts';
import type { Caller } from './caller.ts';

/** Lets a request in, or says why not: its caller is who they say, may do this, and has not asked too often. */
export type Admit = (req: Request, res: Response, need: Need) => Promise<Caller | Problem>;

/**
 * Builds the one way in: authenticates, notes the caller in the request's context, counts the request; one too many is
 * told so at the key's pace. Throws `control_unavailable` where a key can't be looked up.
 */
export function createAdmit(authenticator: Authenticator, limiter: RateLimiter, pace: RefusalPace): Admit {
  return async (req, res, need) => {
    const caller = await authenticator.authenticate(req, need);
    if (isProblem(caller)) return caller;
    contextOf(res).caller = caller;
    const tooMany = await limiter.count(req, res, caller);
    if (tooMany === null) return caller;
    if (caller.kind === 'key') await hold(pace, caller.grant.key.id, Number(req.headers['content-length'] ?? 0));
    return tooMany;
  };
}

async function hold(pace: RefusalPace, keyId: string, bytes: number): Promise<void> {
  const ms = pace.holdMs(keyId, bytes);
  if (ms === 0) return;
  await wait(ms);
  pace.released();
}
