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
    requests: [
      {
        setupRequest: (request) => {
          const body = bodies[next++];
          if (body === undefined) throw new RangeError('More requests than bodies.');
          const headers = { ...request.headers, ...body.headers, Authorization: `Bearer ${aim.apiKey}` };
          return { ...request, body: body.bytes, headers };
        },
      },
    ],
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

/** Gives the value that `share01` of the sorted values do not exceed; 0 of none. */
export function toPercentile(sorted: ArrayLike<number>, share01: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share01) - 1)] ?? 0;
}
