import type { Request, Response } from 'express';
import { toBrokenProblem } from './broken-request.ts';
import { type Problem, toProblem } from './problem.ts';

/** How much of a body is taken. */
export interface BodyLimits {
  /** As sent, before inflation. */
  readonly maxBytes: number;
  /** From the headers to the body's last byte. */
  readonly timeoutMs: number;
}

/** The client left before its body's end; there is nobody to answer. */
export const aborted = 'aborted';

/**
 * Of a body over the limit, this many bytes more are read and thrown away before the answer: a client
 * that sends all before it reads would see a broken connection in place of the problem.
 */
const maxDrainBytes = 8 * 1024 * 1024;

/**
 * Reads a body as sent. Gives its bytes, `body_too_large`, `request_timeout`, `invalid_body` where its framing is
 * broken, or `aborted`. Where part
 * of the body is left unread, the connection is closed after the answer. Never throws.
 */
export function readBody(req: Request, res: Response, limits: BodyLimits): Promise<Buffer | Problem | typeof aborted> {
  const announced = Number(req.headers['content-length'] ?? 0);
  if (announced > limits.maxBytes + maxDrainBytes) {
    res.setHeader('Connection', 'close');
    return Promise.resolve(toTooLarge('body_too_large', announced, limits.maxBytes));
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;

    const timer = setTimeout(() => finish(toTimeout(limits.timeoutMs, size)), limits.timeoutMs);
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('error', onError);
    req.on('close', onAbort);

    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size <= limits.maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size > limits.maxBytes + maxDrainBytes) finish(toTooLarge('body_too_large', size, limits.maxBytes));
    }
    function onEnd(): void {
      if (size > limits.maxBytes) finish(toTooLarge('body_too_large', size, limits.maxBytes));
      else finish(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size));
    }
    function onError(error: Error): void {
      finish(toBrokenProblem(error) ?? aborted);
    }
    function onAbort(): void {
      finish(aborted);
    }
    function finish(result: Buffer | Problem | typeof aborted): void {
      clearTimeout(timer);
      req.off('data', onData);
      req.off('end', onEnd);
      req.off('close', onAbort);
      if (!req.complete) res.setHeader('Connection', 'close');
      resolve(result);
    }
  });
}

/** A size problem names the size, the limit and the unit. Source: contract 2. */
export function toTooLarge(code: 'body_too_large' | 'inflated_too_large', size: number, limit: number): Problem {
  const what = code === 'body_too_large' ? 'The body' : 'The inflated body';
  return toProblem(code, `${what} is ${size} bytes; at most ${limit} bytes are taken.`, {
    details: { size, limit, unit: 'bytes' },
  });
}

function toTimeout(timeoutMs: number, size: number): Problem {
  return toProblem('request_timeout', `The body did not end within ${timeoutMs} ms; ${size} bytes had come.`, {
    details: { received: size, timeout_ms: timeoutMs },
  });
}
