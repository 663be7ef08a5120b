import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unpackBody } from './unpack-body.ts';

/** What becomes of statements at a front end; `part` chooses them by what they contain, '' all. */
export type FrontEndFault =
  /** Not handed on: refused by status, with ClickHouse's code where there is one. */
  | { readonly kind: 'refuses'; readonly part: string; readonly status: number; readonly code?: number }
  /** Handed on, done, and cut off in place of the answer. */
  | { readonly kind: 'loses_answers'; readonly part: string }
  /** Taken and never answered, not even whether it is there; handed on once it is released. */
  | { readonly kind: 'hangs' };

/** One of several ways to an engine behind HTTP, which can fail by itself. */
export interface FrontEnd {
  readonly url: string;
  /** Host and port. */
  readonly name: string;
  /** How many statements contained `part`, handed on or not. */
  taken(part: string): number;
  fail(fault: FrontEndFault | null): void;
  /** From now on it stands for the engine at `url`. */
  pointTo(url: string): void;
  /** Closes the port and every connection, as a kill does; `start` opens it again. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Opens a front end on a free loopback port. `kill` ends it. */
export async function openFrontEnd(engineUrl: string): Promise<FrontEnd> {
  let target = engineUrl;
  let fault: FrontEndFault | null = null;
  let held: (() => void)[] = [];
  const statements: string[] = [];

  function serve(req: IncomingMessage, res: ServerResponse): void {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = unpackBody(body, req.headers['content-encoding']);
      const statement = `${decodeURIComponent((req.url ?? '').replaceAll('+', ' '))} ${text}`;
      statements.push(statement);
      const now = fault;
      if (now?.kind === 'hangs') return void held.push(() => handOn(req, body, res, true));
      if (now === null || !statement.includes(now.part)) return handOn(req, body, res, false);
      if (now.kind === 'loses_answers') return handOn(req, body, res, true);
      if (now.code !== undefined) res.setHeader('X-ClickHouse-Exception-Code', now.code);
      const code = now.code === undefined ? '' : `Code: ${now.code}. DB::Exception: refused by test. (REFUSED)`;
      res.writeHead(now.status).end(code);
    });
    res.on('error', () => undefined);
  }
  function handOn(req: IncomingMessage, body: Buffer, res: ServerResponse, losesAnswer: boolean): void {
    const { 'transfer-encoding': _, ...headers } = req.headers;
    const options = { method: req.method, headers: { ...headers, 'content-length': String(body.length) } };
    const onward = request(new URL(req.url ?? '/', target), options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        if (losesAnswer) res.destroy();
        else res.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks));
      });
    });
    onward.on('error', () => res.destroy());
    onward.end(body);
  }

  let server: Server = createServer({ maxHeaderSize: 1024 * 1024 }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    name: `127.0.0.1:${port}`,
    taken: (part) => statements.filter((one) => one.includes(part)).length,
    fail(next) {
      fault = next;
      if (next?.kind === 'hangs') return;
      for (const late of held) late();
      held = [];
    },
    pointTo(url) {
      target = url;
    },
    async kill() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async start() {
      server = createServer({ maxHeaderSize: 1024 * 1024 }, serve);
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
}
