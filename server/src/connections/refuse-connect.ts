import type { Duplex } from 'node:stream';
import { toProblem } from '../http/problem.ts';
import { type WriteDeps, writeProblem } from './write-problem.ts';

/** Answers CONNECT, for which node gives a bare connection and no request: this server is nobody's proxy. */
export function refuseConnect(socket: Duplex, deps: WriteDeps): void {
  socket.on('error', () => socket.destroy());
  writeProblem(socket, noTunnel, deps);
}

const noTunnel = toProblem('method_not_allowed', 'No path takes CONNECT.');
