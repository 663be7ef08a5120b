import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { pause } from '../polling.ts';

/** What stands between page and server at the moment. `down` cuts every line; the rest concerns events alone. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'down' }
  | { readonly kind: 'failing' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The server stores, and the line is cut before its answer comes through. */
  | { readonly kind: 'answer_lost' }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number }
  | { readonly kind: 'too_large'; readonly maxEvents: number };

/** A request with events, as it came. */
export interface ProxiedRequest {
  /** `performance.now()` at its end. */
  readonly at: number;
  /** What the page was answered; `cut` where it was answered nothing. */
  readonly answer: number | 'cut';
  /** Names and ids in it, empty where the body is not a batch. */
  readonly events: readonly { readonly event: string; readonly id: string }[];
  readonly isStored: boolean;
}

/** A proxy in front of the real server, on a loopback port of its own: another origin than the page's. */
export interface FaultProxy {
  readonly url: string;
  readonly requests: readonly ProxiedRequest[];
  preflights(): number;
  /** Requests that came and have no answer yet. */
  pending(): number;
  /** Connections that were cut at their opening. */
  refused(): number;
  set(fault: Fault): void;
  close(): Promise<void>;
}

/** As the server sends them, so that a page may read a made-up answer too. */
const openToAll = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After, X-Request-ID' };

/** Opens the proxy, at first without a fault. */
export async function openFaultProxy(targetUrl: string): Promise<FaultProxy> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  const agent = new Agent({ keepAlive: true });
  let preflights = 0;
  let pending = 0;
  let refused = 0;
  let fault: Fault = { kind: 'none' };

  const server = createServer((req, res) => {
    if (req.method === 'OPTIONS') preflights += 1;
    pending += 1;
    answer(req, res)
      .catch(() => req.socket.destroy())
      .finally(() => {
        pending -= 1;
      });
  });
  server.on('connection', (socket: Socket) => {
    if (fault.kind === 'down') {
      refused += 1;
      return void socket.destroy();
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await readAll(req);
    const events = req.method === 'POST' ? readEvents(body) : [];
    const note = (given: number | 'cut', isStored: boolean) => {
      if (req.method === 'POST') requests.push({ at: performance.now(), answer: given, events, isStored });
    };
    const refuse = (status: number, headers: Record<string, string> = {}) => {
      note(status, false);
      res.writeHead(status, { ...openToAll, 'Content-Type': 'application/json', ...headers }).end('{}');
    };
    const now: Fault = req.method === 'POST' ? fault : { kind: 'none' };
    if (now.kind === 'failing') return refuse(500);
    if (now.kind === 'too_many') return refuse(429, { 'Retry-After': String(now.retryAfterSeconds) });
    if (now.kind === 'too_large' && events.length > now.maxEvents) return refuse(413);
    if (now.kind === 'slow') await pause(now.delayMs);
    const answered = await forward({ targetUrl, agent, req, body });
    const isStored = answered.status >= 200 && answered.status < 300;
    if (now.kind === 'answer_lost') {
      note('cut', isStored);
      return void req.socket.destroy();
    }
    note(answered.status, isStored);
    res.writeHead(answered.status, answered.headers).end(answered.body);
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    preflights: () => preflights,
    pending: () => pending,
    refused: () => refused,
    set: (next) => {
      fault = next;
      if (next.kind === 'down') for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readEvents(body: Buffer): ProxiedRequest['events'] {
  try {
    const text = (body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body).toString();
    const batch: unknown = JSON.parse(text);
    if (typeof batch !== 'object' || batch === null || !('events' in batch) || !Array.isArray(batch.events)) return [];
    return batch.events.map((one: unknown) => {
      const { event, event_id } = { event: '', event_id: '', ...(typeof one === 'object' ? one : null) };
      return { event: String(event), id: String(event_id) };
    });
  } catch {
    // The server judges what is not a batch; here nothing is to be counted.
    return [];
  }
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function forward(options: { targetUrl: string; agent: Agent; req: IncomingMessage; body: Buffer }): Promise<Answered> {
  const { targetUrl, agent, req, body } = options;
  const { host: _host, connection: _connection, 'transfer-encoding': _encoding, ...headers } = req.headers;
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(req.url ?? '/', targetUrl),
      { method: req.method ?? 'GET', headers: { ...headers, 'content-length': body.length }, agent },
      (res) => {
        readAll(res).then((text) => {
          const { connection: _closed, 'transfer-encoding': _chunked, ...own } = res.headers;
          resolve({ status: res.statusCode ?? 502, headers: own, body: text });
        }, reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
