import type { Duplex } from 'node:stream';
import { type ProblemBody, type ProblemCode, problemStatus } from '@px-platform/schemas';

/**
 * Answers what never became a request (no HTTP, headers too long or too slow) with a problem, and closes
 * the connection. node's parser has failed by then, so the answer is written to the socket as text.
 */
export function answerBrokenRequest(error: Error, socket: Duplex, newId: () => string): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy();
    return;
  }
  const { code, message } = toBroken(error);
  const requestId = newId();
  const body: ProblemBody = { error: { code, message, request_id: requestId } };
  const text = JSON.stringify(body);
  socket.end(
    [
      `HTTP/1.1 ${problemStatus[code]} ${code === 'request_timeout' ? 'Request Timeout' : 'Bad Request'}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      `X-Request-ID: ${requestId}`,
      '',
      text,
    ].join('\r\n'),
  );
}

function toBroken(error: Error): { code: ProblemCode; message: string } {
  const code = 'code' in error ? error.code : '';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { code: 'request_timeout', message: 'The request did not come in time.' };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { code: 'invalid_parameter', message: 'The headers are too long; 16 KiB are taken in all.' };
  }
  return { code: 'invalid_body', message: 'This is not a valid HTTP/1.1 request.' };
}
