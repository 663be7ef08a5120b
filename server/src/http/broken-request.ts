import { type Problem, toProblem } from './problem.ts';

/**
 * Gives the problem of a request that node's parser refused, in its head or in its body; null for any other error, such as
 * that of a client that left. Source: https://nodejs.org/api/http.html#event-clienterror
 */
export function toBrokenProblem(error: Error): Problem | null {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow;
  if (code === 'HPE_HEADER_OVERFLOW') return tooLong;
  // The client ended the connection in the middle.
  if (code === 'HPE_INVALID_EOF_STATE') return null;
  return code.startsWith('HPE_') ? noHttp : null;
}

const tooSlow = toProblem('request_timeout', 'The request did not come in time.');
const tooLong = toProblem('headers_too_large', 'The headers are too long or too many; 16 KiB are taken in all.', {
  details: { limit: 16 * 1024, unit: 'bytes' },
});
const noHttp = toProblem('invalid_body', 'This is not a valid HTTP/1.1 request.');
