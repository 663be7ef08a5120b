import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@px-platform/runtime';
import { type ProblemBody, problemStatus } from '@px-platform/schemas';
import type { Problem } from '../http/problem.ts';
import type { ServerMetrics } from '../metrics.ts';

/** What writing needs from outside. */
export interface WriteDeps {
  readonly newRequestId: () => string;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
}

/**
 * Answers what never became a request with a problem, written to the socket as text, and closes the connection. It is logged
 * and counted as any answer is, under the method `none`.
 */
export function writeProblem(socket: Duplex, { code, message, details }: Problem, deps: WriteDeps): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = problemStatus[code];
  const requestId = deps.newRequestId();
  const body: ProblemBody = {
    error: { code, message, request_id: requestId, ...(details === undefined ? {} : { details }) },
  };
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-Request-ID: ${requestId}`,
  ];
  socket.end([...head, '', text].join('\r\n'));
  deps.metrics.requestEnded({ route: 'unmatched', method: 'none', status, outcome: code, seconds: 0 });
  deps.logger.info({ request_id: requestId, method: 'none', route: 'unmatched', status, outcome: code }, 'request');
}
