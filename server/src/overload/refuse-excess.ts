import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@px-platform/runtime';
import { type ProblemCode, problemStatus } from '@px-platform/schemas';
import { chooseRequestId } from '../http/assign-context.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { RefusalReason } from './admission-gate.ts';
import type { EarlyHold } from './hold-early.ts';

/** Answers what the gate does not let in. */
export interface Refusals {
  readonly refuse: (req: IncomingMessage, res: ServerResponse, reason: RefusalReason) => void;
  /** Health: throws while requests are being refused, and for `recentMs` after. */
  check(): Promise<void>;
}

/** Of a body longer than this, the rest is not waited for: the connection is closed, which a client may see as broken. */
const maxDrainBytes = 256 * 1024;
const recentMs = 2_000;
const logEveryMs = 1_000;

/** Clients that were refused together come back over so many seconds. */
const retryOverSeconds = 5;

const codes: Readonly<Record<RefusalReason, { code: ProblemCode; why: string }>> = {
  overloaded: { code: 'overloaded', why: 'More comes in than this server can take now' },
  in_flight: { code: 'overloaded', why: 'Too many requests are being worked on' },
  bytes_in_flight: { code: 'overloaded', why: 'The requests being worked on are too large in all' },
  log_stalled: { code: 'not_durable', why: 'The log does not answer' },
};

/**
 * Builds the cheapest answer that is still whole: a problem with its request id and Retry-After, readable from any page.
 * It passes by express, and writes one log line a second and not one each: what a refusal costs is taken from those
 * that are let in. A short body is thrown away as it comes, and the connection goes on. Never throws.
 */
export function createRefusals(deps: {
  readonly newRequestId: () => string;
  readonly metrics: Pick<ServerMetrics, 'ingestRefused'>;
  readonly logger: Logger;
  /** Gives ms. */
  readonly stopwatch: () => number;
  readonly stopping: AbortSignal;
  readonly hold: EarlyHold;
}): Refusals {
  const { newRequestId, metrics, logger, stopwatch, stopping, hold } = deps;
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastReason: RefusalReason = 'overloaded';
  let refused = 0;

  function tell(): void {
    const { code } = codes[lastReason];
    logger.warn({ outcome: code, reason: lastReason, refused }, 'requests were refused before they were read');
    refused = 0;
  }

  function answer(req: IncomingMessage, res: ServerResponse, reason: RefusalReason, retryAfterSeconds: number): void {
    const { code, why } = codes[reason];
    const requestId = chooseRequestId(req.headers['x-request-id'], newRequestId);
    const body =
      `{"error":{"code":"${code}","message":"${why}; nothing of this request was read. Send it again later.",` +
      `"request_id":"${requestId}"}}`;
    // As a flat list, which node writes out as it stands.
    const head = [
      ...['Content-Type', 'application/json; charset=utf-8'],
      ...['Content-Length', String(body.length)],
      ...['Retry-After', String(retryAfterSeconds)],
      ...['X-Request-ID', requestId],
      ...['Access-Control-Allow-Origin', '*'],
      ...['Access-Control-Expose-Headers', 'Retry-After, X-Request-ID'],
    ];
    if (stopping.aborted || !isShort(req)) head.push('Connection', 'close');
    res.writeHead(problemStatus[code], head);
    res.end(body);
  }

  return {
    refuse(req, res, reason) {
      refused += 1;
      const retryAfterSeconds = 1 + (refused % retryOverSeconds);
      metrics.ingestRefused(reason);
      lastAt = stopwatch();
      lastReason = reason;
      if (refused === 1) setTimeout(tell, logEveryMs).unref();
      const answerIt = () => answer(req, res, reason, retryAfterSeconds);
      if (!isShort(req)) return answerIt();
      // Its body is thrown away as it comes, while it waits too.
      req.resume();
      hold.whenDue(req.socket, answerIt);
    },
    async check() {
      if (stopwatch() - lastAt < recentMs) throw new Error(`requests are refused: ${lastReason}`);
    },
  };
}

function isShort({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Infinity) <= maxDrainBytes;
}
