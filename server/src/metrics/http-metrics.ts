import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { latencyBuckets } from './latency-buckets.ts';

/** How one request ended; `status` 0 where the client left before an answer. */
export interface RequestEnd {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly outcome: string;
  readonly seconds: number;
}

/** Telemetry of requests, connections and live streams. Methods never throw. */
export interface HttpMetrics {
  requestEnded(end: RequestEnd): void;
  /** Sizes in bytes; `inflated` equals `sent` where nothing was compressed. */
  bodyRead(body: { sent: number; inflated: number }): void;
  /** A body that broke off before its end. */
  bodyAborted(): void;
  connectionOpened(): void;
  connectionClosed(): void;
  /** A connection was closed to make room for another. */
  connectionShed(): void;
  liveStreamOpened(): void;
  liveStreamClosed(): void;
  livePollFailed(): void;
}

/** Builds them on a registry. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const requests = new Counter({
    name: 'px_http_requests_total',
    help: 'Requests by route, method, status (0: the client left) and outcome.',
    labelNames: ['route', 'method', 'status', 'outcome'] as const,
    registers,
  });
  const latency = new Histogram({
    name: 'px_http_request_seconds',
    help: 'Time from the headers to the end of the answer.',
    labelNames: ['route'] as const,
    buckets: latencyBuckets,
    registers,
  });
  const sent = counter('px_ingest_body_bytes_total', 'Body bytes as sent.');
  const inflated = counter('px_ingest_inflated_bytes_total', 'Body bytes after inflation.');
  const aborted = counter('px_http_bodies_aborted_total', 'Bodies that broke off before their end.');
  const connections = new Gauge({ name: 'px_http_connections', help: 'Open connections.', registers });
  const shed = counter(
    'px_http_connections_shed_total',
    'Connections closed to make room for others, over MAX_CONNECTIONS.',
  );
  const streams = new Gauge({ name: 'px_live_streams', help: 'Open live streams.', registers });
  const pollFailures = counter('px_live_polls_failed_total', 'Live look-ups that the store did not answer.');

  return {
    requestEnded({ route, method, status, outcome, seconds }) {
      requests.inc({ route, method, status, outcome });
      latency.observe({ route }, seconds);
    },
    bodyRead(body) {
      sent.inc(body.sent);
      inflated.inc(body.inflated);
    },
    bodyAborted: () => aborted.inc(),
    connectionOpened: () => connections.inc(),
    connectionClosed: () => connections.dec(),
    connectionShed: () => shed.inc(),
    liveStreamOpened: () => streams.inc(),
    liveStreamClosed: () => streams.dec(),
    livePollFailed: () => pollFailures.inc(),
  };
}
