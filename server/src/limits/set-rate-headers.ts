import type { Response } from 'express';

/** How a window stands after a request: as the middleware tells it. */
export interface WindowState {
  readonly limit: number;
  readonly remaining: number;
  /** Of the machine's clock. */
  readonly resetTime: Date;
  readonly windowMs: number;
}

/**
 * Tells how the narrowest of the windows stands: `RateLimit-*` with its reset in seconds from now, `X-RateLimit-*` with its
 * reset in epoch seconds. Gives these seconds from now. Source: contract 2, draft-ietf-httpapi-ratelimit-headers-06.
 */
export function setRateHeaders(res: Response, windows: readonly WindowState[]): number {
  const narrowest = windows.reduce((one, other) => (other.remaining < one.remaining ? other : one));
  const { limit, remaining, resetTime, windowMs } = narrowest;
  const resetSeconds = Math.max(0, Math.ceil((resetTime.getTime() - Date.now()) / 1_000));
  res.setHeader('RateLimit-Policy', `${limit};w=${windowMs / 1_000}`);
  res.setHeader('RateLimit-Limit', String(limit));
  res.setHeader('RateLimit-Remaining', String(remaining));
  res.setHeader('RateLimit-Reset', String(resetSeconds));
  res.setHeader('X-RateLimit-Limit', String(limit));
  res.setHeader('X-RateLimit-Remaining', String(remaining));
  res.setHeader('X-RateLimit-Reset', String(Math.ceil(resetTime.getTime() / 1_000)));
  return resetSeconds;
}
