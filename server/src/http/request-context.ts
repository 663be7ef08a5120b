import type { Response } from 'express';
import type { Caller } from '../auth/caller.ts';

/** What is known of one request; lives in `res.locals.context` and feeds its log line and metrics. */
export interface RequestContext {
  readonly requestId: string;
  /** W3C Trace Context: of the request's span where spans are made, else what the client sent, where it is valid. */
  traceparent: string | null;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** Set once the request's key or token is accepted. */
  caller: Caller | null;
  /** `ok`, or the problem's code. */
  outcome: string;
}

/** Gives the request's context; `assignContext` middleware has set it. */
export function contextOf(res: Response): RequestContext {
  return res.locals['context'] as RequestContext;
}
