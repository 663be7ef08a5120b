import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that writes what it is told, byte by byte if need be, and keeps what comes back. */
export interface RawClient {
  readonly socket: Socket;
  /** All that came back so far. */
  received(): string;
  /** Resolves once the server has closed the connection. */
  readonly closed: Promise<void>;
}

/** Connects to a port on this machine. */
export async function openRawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    received += text;
  });
  socket.on('error', () => socket.destroy());
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await once(socket, 'connect');
  return { socket, received: () => received, closed };
}

/** The head of a POST that announces a body of this many bytes. */
export function toHead(options: { path: string; key: string; contentLength: number }): string {
  return [
    `POST ${options.path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `X-API-Key: ${options.key}`,
    `Content-Length: ${options.contentLength}`,
    '',
    '',
  ].join('\r\n');
}
