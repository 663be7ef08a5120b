import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const clientSpanId = 'b7ad6b7169203331';
const dataDir = makeDataDir('traces');
const spans: SentSpan[] = [];
const bodies: string[] = [];
let receiver: Server;
let at: StandaloneProcess;
let endpoint = '';

beforeAll(async () => {
  receiver = createServer(async (req, res) => {
    const text = Buffer.concat(await req.toArray()).toString();
    bodies.push(text);
    const body: { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] } = JSON.parse(text);
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    res.end('{}');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, FLUSH_INTERVAL_MS: '20' };
  at = await startProcess({ dataDir, port: await findFreePort(), env });
});
afterAll(async () => {
  await at.kill();
  receiver.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const send = (event: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${at.url}/api/v1/events?note=in-the-query`, {
    method: 'POST',
    headers: { 'X-API-Key': at.apiKey, 'X-Forwarded-For': '203.0.113.77', 'X-Request-ID': event, ...headers },
    body: JSON.stringify({ event, anonymous_id: 'anna@example.com' }),
  });
const ofTrace = () => spans.filter((span) => span.traceId === traceId);
const find = (name: string) => ofTrace().find((span) => span.name === name);
const factsOf = (span: SentSpan | undefined): Record<string, unknown> =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

describe('a request with a traceparent', () => {
  it('leaves one trace, from the client through log and processor to the stored row', async () => {
    const response = await send('traced', { traceparent: `00-${traceId}-${clientSpanId}-01` });
    expect(response.status).toBe(202);
    await expect.poll(() => ofTrace().length, { timeout: 30_000 }).toBe(4);
    const [server, append, process, insert] = [
      find('POST /api/v1/events'),
      find('send events.v1'),
      find('process events'),
      find('INSERT events'),
    ];
    expect(server?.parentSpanId).toBe(clientSpanId);
    expect(append?.parentSpanId).toBe(server?.spanId);
    expect(process?.parentSpanId).toBe(server?.spanId);
    expect(insert?.parentSpanId).toBe(process?.spanId);
    expect(factsOf(server)).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/api/v1/events',
      'url.path': '/api/v1/events',
      'http.response.status_code': 202,
      'px.project_id': at.projectId,
      'px.request_id': 'traced',
    });
    expect(factsOf(append)).toMatchObject({ 'messaging.operation.type': 'send', 'messaging.batch.message_count': 1 });
    expect(factsOf(process)).toMatchObject({
      'px.project_id': at.projectId,
      'px.events': 1,
      'px.request_id': 'traced',
    });
    expect(factsOf(insert)).toMatchObject({ 'db.system.name': 'clickhouse', 'db.operation.batch.size': 1 });
    expect(Number(insert?.endTimeUnixNano)).toBeGreaterThan(Number(server?.startTimeUnixNano));
    await untilDrained(at);
    expect(await exportRows(at, await makeServerKey(at))).toMatchObject([{ event: 'traced' }]);
  });

  it('is not traced where its client says so; one without is a trace of its own', async () => {
    const unsampled = '1af7651916cd43dd8448eb211c80319c';
    await send('unsampled', { traceparent: `00-${unsampled}-${clientSpanId}-00` });
    await send('alone');
    const own = () => spans.filter((span) => factsOf(span)['px.request_id'] === 'alone');
    await expect.poll(() => own().length, { timeout: 30_000 }).toBe(2);
    const server = own().find(({ name }) => name === 'POST /api/v1/events');
    expect(server?.parentSpanId).toBeUndefined();
    expect(spans.filter((span) => span.traceId === unsampled)).toEqual([]);
  });

  it('runs to the stored row of an audit event as well', async () => {
    const auditTrace = '2af7651916cd43dd8448eb211c80319c';
    const key = await makeServerKey(at, ['audit:write']);
    const response = await fetch(`${at.url}/v1/events`, {
      method: 'POST',
      headers: {
        'X-API-Key': key,
        'Content-Type': 'application/json',
        'X-Request-ID': 'audited',
        traceparent: `00-${auditTrace}-${clientSpanId}-01`,
      },
      body: JSON.stringify({
        actor: { id: 'u1', type: 'user' },
        action: { name: 'invoice.paid' },
        resource: { type: 'invoice', id: 'i1' },
      }),
    });
    expect(response.status).toBe(202);
    const own = () => spans.filter((span) => span.traceId === auditTrace);
    const named = (name: string) => own().find((span) => span.name === name);
    await expect.poll(() => own().length, { timeout: 30_000 }).toBe(4);
    const [server, append] = [named('POST /v1/events'), named('send audit.events.v1')];
    const [process, insert] = [named('process audit_events'), named('INSERT audit_events')];
    expect(server?.parentSpanId).toBe(clientSpanId);
    expect(append?.parentSpanId).toBe(server?.spanId);
    expect(factsOf(append)).toMatchObject({ 'messaging.destination.name': 'audit.events.v1' });
    expect(process?.parentSpanId).toBe(server?.spanId);
    expect(factsOf(process)).toMatchObject({
      'px.project_id': at.projectId,
      'px.events': 1,
      'px.request_id': 'audited',
    });
    expect(insert?.parentSpanId).toBe(process?.spanId);
    expect(factsOf(insert)).toMatchObject({ 'db.collection.name': 'audit_events', 'db.operation.batch.size': 1 });
  });

  it('is one trace over several server processes too', async () => {
    const several = makeDataDir('traces-workers');
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, FLUSH_INTERVAL_MS: '20', WORKERS: '2' };
    const workers = await startProcess({ dataDir: several, port: await findFreePort(), env });
    await fetch(`${workers.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'X-API-Key': workers.apiKey, 'X-Request-ID': 'by-a-worker' },
      body: JSON.stringify({ event: 'seen', anonymous_id: 'a1' }),
    });
    const server = () => spans.find((span) => factsOf(span)['px.request_id'] === 'by-a-worker');
    await expect
      .poll(() => spans.filter(({ traceId: id }) => id === server()?.traceId).length, { timeout: 30_000 })
      .toBe(4);
    expect(await workers.stop()).toBe(0);
    rmSync(several, { recursive: true, force: true });
  });

  it('leaves no key, body, address or query in its spans', () => {
    const all = bodies.join('\n');
    for (const secret of [at.apiKey, 'anna@example.com', '203.0.113.77', 'in-the-query'])
      expect(all).not.toContain(secret);
  });
});

describe('a receiver that is away', () => {
  it('costs its spans, which are counted, and neither events nor the end of the process', async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    for (let index = 0; index < 20; index += 1) expect((await send(`away ${index}`)).status).toBe(202);
    await untilDrained(at);
    expect(await exportRows(at, await makeServerKey(at))).toHaveLength(23);
    const readMetrics = async () => (await fetch(`${at.url}/metrics`)).text();
    await expect.poll(readMetrics, { timeout: 30_000 }).toMatch(/px_trace_spans_total\{outcome="failed"\} [1-9]/);
    const startedAt = performance.now();
    expect(await at.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});
