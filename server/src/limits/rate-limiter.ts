import type { Request, Response } from 'express';
import { type RateLimitInfo, type RateLimitRequestHandler, rateLimit, type Store } from 'express-rate-limit';
import type { Caller } from '../auth/caller.ts';
import { type Problem, toProblem } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';
import type { ServerMetrics } from '../metrics.ts';
import { type RateWindows, toRateWindows } from './rate-windows.ts';
import { setRateHeaders, type WindowState } from './set-rate-headers.ts';

/** The two windows of contract 3: bursts are held by the minute, what is sustained by the hour. */
export type WindowName = 'burst' | 'sustained';

/** Counts the requests of keys. */
export interface RateLimiter {
  /**
   * Counts one request of a caller; gives `rate_limited` where that is one too many. Sets `RateLimit-*` and
   * `X-RateLimit-*` where a limit holds: of the window that refused, else of the one with the fewest left.
   */
  count(req: Request, res: Response, caller: Caller): Promise<Problem | null>;
}

const windowsMs: Readonly<Record<WindowName, number>> = { burst: 60_000, sustained: 3_600_000 };

/**
 * Builds the limiter on a store of counters for each window. A window begins with a key's first request in it; what the
 * minute refuses does not count in the hour.
 */
export function createRateLimiter(options: {
  readonly toStore: (window: WindowName) => Store;
  readonly metrics: Pick<ServerMetrics, 'rateLimited'>;
}): RateLimiter {
  const { toStore, metrics } = options;
  const burst = createWindow('burst', toStore);
  const sustained = createWindow('sustained', toStore);

  return {
    async count(req, res, caller) {
      if (caller.kind !== 'key') return null;
      const { perMinute, perHour } = windowsOf(caller);
      const told: WindowState[] = [];
      for (const { name, run } of [...(perMinute === null ? [] : [burst]), ...(perHour === null ? [] : [sustained])]) {
        const isOver = !(await pass(run, req, res));
        told.push(readState(req, name));
        if (!isOver) continue;
        metrics.rateLimited(name);
        return refuse(name, told.at(-1)?.limit ?? 0, setRateHeaders(res, told.slice(-1)));
      }
      if (told.length > 0) setRateHeaders(res, told);
      return null;
    },
  };
}

function windowsOf({ tenant, grant }: Extract<Caller, { kind: 'key' }>): RateWindows {
  return toRateWindows(tenant.tier, grant.key.rate_per_minute);
}

/** What the middleware says of a request over the limit: a value of ours, since its own handler would answer. */
const over = Symbol('over the limit');

interface Window {
  readonly name: WindowName;
  readonly run: RateLimitRequestHandler;
}

function createWindow(name: WindowName, toStore: (window: WindowName) => Store): Window {
  const run = rateLimit({
    windowMs: windowsMs[name],
    store: toStore(name),
    requestPropertyName: name,
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: (_req, res) => readKey(res).grant.key.id,
    limit: (_req, res) =>
      windowsOf(readKey(res))[name === 'burst' ? 'perMinute' : 'perHour'] ?? Number.POSITIVE_INFINITY,
    handler: (_req, _res, next) => next(over),
  });
  return { name, run };
}

function readKey(res: Response): Extract<Caller, { kind: 'key' }> {
  const { caller } = contextOf(res);
  if (caller?.kind !== 'key') throw new TypeError('only a key is counted, and after it is known');
  return caller;
}

/** Runs the middleware; false where the request is over. */
function pass(run: RateLimitRequestHandler, req: Request, res: Response): Promise<boolean> {
  return new Promise((resolve, reject) => {
    run(req, res, (error?: unknown) => {
      if (error === over) resolve(false);
      else if (error === undefined) resolve(true);
      else reject(error);
    });
  });
}

function readState(req: Request, name: WindowName): WindowState {
  const {
    limit,
    remaining,
    resetTime = new Date(Date.now() + windowsMs[name]),
  }: RateLimitInfo = Reflect.get(req, name);
  return { limit, remaining, resetTime, windowMs: windowsMs[name] };
}

function refuse(window: WindowName, limit: number, resetSeconds: number): Problem {
  const per = window === 'burst' ? 'minute' : 'hour';
  const retryAfterSeconds = Math.max(1, resetSeconds);
  return toProblem(
    'rate_limited',
    `This key may make ${limit} requests a ${per}; the next is taken in ${retryAfterSeconds} s.`,
    { retryAfterSeconds, details: { limit, window: per } },
  );
}
