import { isAppError } from '@px-platform/runtime';
import { afterEach, expect, it } from 'vitest';
import { createProcessorMetrics } from './metrics.ts';
import { type HealthServer, serveHealth } from './serve-health.ts';

const { registry, rows } = createProcessorMetrics();
const host = '127.0.0.1';
let server: HealthServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function serve(check: () => Promise<void>, port = 0): Promise<HealthServer> {
  server = await serveHealth({ host, port, processor: { check }, registry });
  return server;
}
const ask = (path: string, method = 'GET') => fetch(`http://${host}:${server?.port}${path}`, { method });

it('is alive at once, and ready once the processor is', async () => {
  let isWarm = false;
  await serve(async () => {
    if (!isWarm) throw new Error('the processor is warming');
  });
  expect((await ask('/health/live')).status).toBe(200);
  const before = await ask('/health/ready');
  expect([before.status, await before.json()]).toEqual([503, { status: 'down', reason: 'the processor is warming' }]);
  isWarm = true;
  expect((await ask('/health/ready')).status).toBe(200);
  expect((await ask('/health')).status).toBe(200);
});

it('tells its metrics as Prometheus reads them', async () => {
  rows.inc(3);
  await serve(async () => undefined);
  const answer = await ask('/metrics');
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toMatch(/^px_processor_rows_total 3$/m);
});

it('knows no other path or method, and a port that is taken is an error with its setting', async () => {
  const first = await serve(async () => undefined);
  expect([(await ask('/')).status, (await ask('/health', 'POST')).status]).toEqual([404, 405]);
  const taken = serveHealth({ host, port: first.port, processor: { check: async () => undefined }, registry });
  await expect(taken).rejects.toSatisfy((error) => isAppError(error, 'port_in_use'));
});
