import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { WireBatch } from '@px-platform/schemas';

/** What a batch is answered: by the server itself (`pass`), by a cut line, by nothing at all, or as written here. */
export type Reply =
  | 'pass'
  | 'cut'
  | 'silence'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** A batch as it came. `isStored` says that the server took it. */
export interface Passed {
  readonly batch: WireBatch;
  readonly names: readonly string[];
  readonly contentType: string;
  readonly isGzip: boolean;
  readonly bytes: number;
  readonly isStored: boolean;
}

/** The real server as pages see it: everything goes through to it, unless a test has a batch answered otherwise. */
export interface Gate {
  readonly url: string;
  readonly passed: readonly Passed[];
  preflights(): number;
  /** Batches that have begun to come and are not answered. */
  pending(): number;
  /** Decides from now on; `count` is 1 for the next batch. */
  answer(decide: (count: number, batch: WireBatch) => Reply): void;
  close(): Promise<void>;
}

/** Opens the gate on a loopback port of its own: another origin than the pages'. */
export async function openGate(serverUrl: string): Promise<Gate> {
  const passed: Passed[] = [];
  let preflights = 0;
  let pending = 0;
  let count = 0;
  let decide: (count: number, batch: WireBatch) => Reply = () => 'pass';
  const receive = async (req: IncomingMessage, res: ServerResponse) => {
    if (req.method === 'OPTIONS') preflights += 1;
    if (req.method !== 'POST') return void res.writeHead(204).end();
    const body = await readBody(req);
    const isGzip = body[0] === 0x1f && body[1] === 0x8b;
    const batch: WireBatch = JSON.parse((isGzip ? gunzipSync(body) : body).toString());
    const contentType = req.headers['content-type'] ?? '';
    const note = (isStored: boolean) => {
      const names = batch.events.map(({ event }) => event);
      passed.push({ batch, names, contentType, isGzip, bytes: body.length, isStored });
    };
    count += 1;
    const reply = decide(count, batch);
    if (reply === 'pass') {
      const answer = await fetch(serverUrl + req.url, {
        method: 'POST',
        headers: { 'Content-Type': contentType, 'User-Agent': req.headers['user-agent'] ?? '' },
        body: new Uint8Array(body),
      });
      note(answer.ok);
      const headers = { 'Content-Type': 'application/json', ...openToAll };
      return void res.writeHead(answer.status, headers).end(await answer.text());
    }
    note(false);
    if (reply === 'cut') req.socket.destroy();
    else if (reply !== 'silence') res.writeHead(reply.status, { ...openToAll, ...reply.headers }).end(reply.body ?? '');
  };
  const server = createServer((req, res) => {
    pending += 1;
    res.once('close', () => {
      pending -= 1;
    });
    receive(req, res).catch(() => req.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    preflights: () => preflights,
    pending: () => pending,
    answer: (next) => {
      count = 0;
      decide = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As the server says it, so that a page may read a reply that a test wrote. */
const openToAll = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After, X-Request-ID' };

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}
