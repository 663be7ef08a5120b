import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { CollectorAnswer } from '../contestants/contestant.ts';

/** What reached the collector since it was last cleared. */
export interface Arrived {
  requests: number;
  preflights: number;
  /** Bytes of the bodies as they were sent, without headers. */
  bodyBytes: number;
  /** The tracked events that were found in them, each once. */
  readonly marks: Set<string>;
  /** The decoded bodies, with the bytes that each was sent in. */
  readonly bodies: { readonly text: string; readonly bytes: number }[];
}

/** A collector on loopback, another origin than the page's, that answers each SDK at once with what it expects. */
export interface BenchCollector {
  readonly url: string;
  /** Forgets what arrived, and answers so from now on. */
  begin(toAnswer: (events: number) => CollectorAnswer): Arrived;
  close(): Promise<void>;
}

/** What each tracked event carries, so that it is found in any SDK's body. */
const markPattern = /tea-\d+-\d+/g;
const base64Pattern = /[\w+/-]{40,}={0,2}/g;

/** Opens the collector on a free port. */
export async function openBenchCollector(): Promise<BenchCollector> {
  let toAnswer: (events: number) => CollectorAnswer = () => ({ status: 200, body: '' });
  let arrived = toNothing();
  const server = createServer((req, res) => {
    const cors = {
      'Access-Control-Allow-Origin': req.headers.origin ?? '*',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Headers': req.headers['access-control-request-headers'] ?? '*',
      'Access-Control-Max-Age': '86400',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    if (req.method === 'OPTIONS') {
      arrived.preflights += 1;
      res.writeHead(204, cors).end();
      return;
    }
    const current = arrived;
    readBody(req).then((body) => {
      const text = toText(body);
      const marks = findMarks(text);
      current.requests += 1;
      current.bodyBytes += body.length;
      current.bodies.push({ text, bytes: body.length });
      for (const mark of marks) current.marks.add(mark);
      const answer = toAnswer(countEvents(text) ?? marks.size);
      res.writeHead(answer.status, { ...cors, 'Content-Type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    begin(next) {
      toAnswer = next;
      arrived = toNothing();
      return arrived;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toNothing(): Arrived {
  return { requests: 0, preflights: 0, bodyBytes: 0, marks: new Set(), bodies: [] };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function toText(body: Buffer): string {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  return (isGzip ? gunzipSync(body) : body).toString();
}

/** Finds marks in plain text, and in what some SDKs wrap in base64. */
function findMarks(text: string): Set<string> {
  const inner = text.match(base64Pattern)?.map((part) => Buffer.from(part, 'base64').toString('latin1')) ?? [];
  return new Set([text, ...inner].flatMap((part) => part.match(markPattern) ?? []));
}

/** How many events a body of `{ "events": [...] }` holds; null of other shapes. */
function countEvents(text: string): number | null {
  if (!text.startsWith('{')) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    const isBatch = typeof parsed === 'object' && parsed !== null && 'events' in parsed;
    return isBatch && Array.isArray(parsed.events) ? parsed.events.length : null;
  } catch {
    return null;
  }
}
