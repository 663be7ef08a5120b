import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { WireBatch, WireEvent } from '@px-platform/schemas';

/** One body as it came, decoded. `status` is what it was answered with, or `down` where the line was cut. */
export interface Delivery {
  readonly status: number | 'down';
  readonly encoding: 'gzip' | 'plain';
  readonly contentType: string;
  readonly url: string;
  readonly batch: WireBatch;
}

/** A collector that answers as a test tells it, and remembers what arrived. */
export interface Collector {
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** Events answered with 202, in order of arrival, each copy. */
  accepted(): WireEvent[];
  preflights(): number;
  /** Decides how each request is answered from now on; `down` cuts the line. */
  answer(next: (request: number) => number | 'down'): void;
  close(): Promise<void>;
}

/** Opens a collector on a loopback port of its own, so that a page of another port is cross-origin. */
export async function openCollector(): Promise<Collector> {
  const deliveries: Delivery[] = [];
  let preflights = 0;
  let requests = 0;
  let next: (request: number) => number | 'down' = () => 202;
  const server = createServer((req, res) => {
    if (req.method === 'OPTIONS') preflights += 1;
    if (req.method !== 'POST') return void res.writeHead(204).end();
    readBody(req).then(
      (body) => {
        requests += 1;
        const status = next(requests);
        const isGzip = body[0] === 0x1f && body[1] === 0x8b;
        const text = (isGzip ? gunzipSync(body) : body).toString();
        deliveries.push({
          status,
          encoding: isGzip ? 'gzip' : 'plain',
          contentType: req.headers['content-type'] ?? '',
          url: req.url ?? '',
          batch: spread(JSON.parse(text)),
        });
        if (status === 'down') req.socket.destroy();
        else sendAnswer(res, status);
      },
      () => req.socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    deliveries,
    accepted: () => deliveries.filter(({ status }) => status === 202).flatMap(({ batch }) => batch.events),
    preflights: () => preflights,
    answer: (decide) => {
      requests = 0;
      next = decide;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Gives each event the batch's context under its own, key by key, as the server does. */
function spread(batch: WireBatch): WireBatch {
  const events = batch.events.map((event) => ({ ...event, context: { ...batch.context, ...event.context } }));
  return { ...batch, events };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function sendAnswer(res: ServerResponse, status: number): void {
  res.writeHead(status, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json' });
  res.end('{"accepted":1,"rejected":0,"events":[]}');
}
