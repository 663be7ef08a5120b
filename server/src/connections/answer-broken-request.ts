import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { toBrokenProblem } from '../http/broken-request.ts';
import type { ConnectionState } from './watch-connections.ts';
import { type WriteDeps, writeProblem } from './write-problem.ts';

/** Connections whose parser has failed: node tells of every byte that still comes. */
const broken = new WeakSet<Duplex>();

/**
 * Answers what node's parser refused (no HTTP, framing that can be read in two ways, headers too long or too slow) with a
 * problem, and closes the connection. Where a route is reading the request, the route answers. What is written here can
 * be told from the answers of earlier requests: it comes after all of them, and never where the last request's own
 * answer has left before its body was read.
 */
export function answerBrokenRequest(error: Error, socket: Duplex, state: ConnectionState, deps: WriteDeps): void {
  if (broken.has(socket)) return;
  broken.add(socket);
  // Bytes behind a request that was to be the last: its answer closes the connection.
  if ('code' in error && error.code === 'HPE_CLOSED_CONNECTION') return;
  const problem = toBrokenProblem(error);
  // Browsers open connections ahead of need: one that never spoke is closed without a word.
  const isSilent = socket instanceof Socket && socket.bytesRead === 0;
  if (problem === null || isSilent) {
    socket.destroy();
    return;
  }
  const { inFlight, last } = state;
  if (last !== null && !last.req.complete) {
    // Nobody listens where the route has answered, or reads no body.
    if (inFlight === 0 || last.req.listenerCount('error') === 0) socket.destroy();
    else last.req.emit('error', error);
  } else if (last !== null && inFlight > 0) {
    last.res.once('close', () => writeProblem(socket, problem, deps));
  } else {
    writeProblem(socket, problem, deps);
  }
}
