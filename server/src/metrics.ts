import { Registry } from 'prom-client';

/** The server's telemetry: the one place where its metrics are named. */
export interface ServerMetrics {
  readonly registry: Registry;
}

export function createServerMetrics(): ServerMetrics {
  return { registry: new Registry() };
}
