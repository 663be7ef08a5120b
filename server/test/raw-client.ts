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

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes (latin1) on a connection of their own, waits until the server closes it, and gives all answers. */
export async function sendRaw(port: number, bytes: string): Promise<RawAnswer[]> {
  const client = await openRawClient(port);
  client.socket.write(Buffer.from(bytes, 'latin1'));
  await client.closed;
  return parseAnswers(client.received());
}

/** Takes apart the answers of one connection; their bodies are ASCII and have a Content-Length. */
function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest !== ''; ) {
    const [head = ''] = rest.split('\r\n\r\n', 1);
    const [line = '', ...fields] = head.split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
    if (Number.isNaN(status)) throw new Error(`This is no answer: ${rest.slice(0, 200)}`);
    const headers = Object.fromEntries(
      fields.map((field) => [
        field.slice(0, field.indexOf(':')).toLowerCase(),
        field.slice(field.indexOf(':') + 1).trim(),
      ]),
    );
    const end = head.length + 4 + Number(headers['content-length'] ?? 0);
    answers.push({ status, headers, body: rest.slice(head.length + 4, end) });
    rest = rest.slice(end);
  }
  return answers;
}
