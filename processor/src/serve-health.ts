import { createServer, type ServerResponse } from 'node:http';
import { AppError } from '@px-platform/runtime';
import type { ProcessorMetrics } from './metrics.ts';
import type { Processor } from './processor.ts';

/** What a processor of its own tells of itself over HTTP. */
export interface HealthServer {
  /** The port it listens on; where 0 was asked for, the one it was given. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/health/live` (200 while the process answers), `/health` and `/health/ready` (503 until the state is warm, and
 * after the loop has failed; JSON with `status` and `reason`) and `/metrics` (Prometheus text). Throws `port_in_use`.
 */
export async function serveHealth(options: {
  readonly host: string;
  readonly port: number;
  readonly processor: Pick<Processor, 'check'>;
  readonly registry: ProcessorMetrics['registry'];
}): Promise<HealthServer> {
  const { host, port, processor, registry } = options;
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://localhost');
    if (req.method !== 'GET' && req.method !== 'HEAD') return sendJson(res, 405, { status: 'method_not_allowed' });
    if (pathname === '/health/live') return sendJson(res, 200, { status: 'ok' });
    if (pathname === '/health' || pathname === '/health/ready') return void sendReadiness(res, processor);
    if (pathname === '/metrics') return void sendMetrics(res, registry);
    return sendJson(res, 404, { status: 'not_found' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('port_in_use', `Listening on ${host}:${port} failed: set PROCESSOR_PORT to another.`, { cause }),
      ),
    );
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function sendReadiness(res: ServerResponse, processor: Pick<Processor, 'check'>): Promise<void> {
  try {
    await processor.check();
    sendJson(res, 200, { status: 'ok' });
  } catch (error) {
    sendJson(res, 503, { status: 'down', reason: error instanceof Error ? error.message : String(error) });
  }
}

async function sendMetrics(res: ServerResponse, registry: ProcessorMetrics['registry']): Promise<void> {
  const text = await registry.metrics();
  res.setHeader('Content-Type', registry.contentType);
  res.end(text);
}

function sendJson(res: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  res.end(JSON.stringify(body));
}
