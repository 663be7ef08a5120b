import autocannon from 'autocannon';
import type { Body } from './make-bodies.ts';

/** Where to send to, and with what. */
export interface Aim {
  readonly url: string;
  readonly apiKey: string;
  readonly connections: number;
}

/** How a server answered a load. Latencies in ms, from the request's first byte to its answer's last. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Answers other than 2xx, and connections that broke. */
  readonly failures: number;
}

/** Sends each body once over `connections` keep-alive connections, each its next request on its last answer. */
export async function fire(bodies: readonly Body[], aim: Aim): Promise<LoadResult> {
  const latencies = new Float64Array(bodies.length);
  const requests = bodies.map((body) => toRequest(body, aim));
  let next = 0;
  let answered = 0;
  const startedAt = performance.now();
  let endedAt = startedAt;
  const run = autocannon({
    url: aim.url,
    method: 'POST',
    connections: aim.connections,
    amount: bodies.length,
    sampleInt: 50,
    timeout: 30,
    // autocannon would put each request together when it is sent, which costs as much as sending it.
    setupClient: (client) => {
      client.getRequestBuffer = () => requests[next++] ?? Buffer.alloc(0);
    },
  });
  run.on('response', (_client, _status, _bytes, responseMs) => {
    latencies[answered++] = responseMs;
    endedAt = performance.now();
  });
  const result = await run;
  const sorted = latencies.subarray(0, answered).toSorted();
  return {
    requests: answered,
    seconds: (endedAt - startedAt) / 1_000,
    p50: toPercentile(sorted, 0.5),
    p95: toPercentile(sorted, 0.95),
    p99: toPercentile(sorted, 0.99),
    failures: result.non2xx + result.errors,
  };
}

/** Gives the whole of a request, head and body, as bytes. */
export function toRequest({ bytes, headers }: Body, { url, apiKey }: Aim): Buffer {
  const { host, pathname } = new URL(url);
  const lines = Object.entries({
    Host: host,
    Connection: 'keep-alive',
    ...headers,
    Authorization: `Bearer ${apiKey}`,
    'Content-Length': bytes.length,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes]);
}

/** Gives the value that `share01` of the sorted values do not exceed; 0 of none. */
export function toPercentile(sorted: ArrayLike<number>, share01: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share01) - 1)] ?? 0;
}
