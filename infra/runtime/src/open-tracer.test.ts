import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openTracer } from './open-tracer.ts';
import type { TracerSettings } from './tracer.ts';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
let receiver: Server | null = null;
afterEach(() => void receiver?.close());

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
}

/** Takes what is sent by OTLP, as JSON. */
async function listen(): Promise<{ url: string; spans: SentSpan[]; headers: unknown[]; bodies: string[] }> {
  const spans: SentSpan[] = [];
  const headers: unknown[] = [];
  const bodies: string[] = [];
  receiver = createServer(async (req, res) => {
    const text = Buffer.concat(await req.toArray()).toString();
    const body: { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] } = JSON.parse(text);
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    headers.push(req.headers['x-token']);
    bodies.push(text);
    res.writeHead(req.url === '/base/v1/traces' ? 200 : 404).end('{}');
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/base/`, spans, headers, bodies };
}

function count() {
  const counts = { exported: 0, failed: 0, dropped: 0 };
  const add = (outcome: keyof typeof counts, spans: number): void => {
    counts[outcome] += spans;
  };
  return {
    counts,
    spansExported: (spans: number) => add('exported', spans),
    spansFailed: (spans: number) => add('failed', spans),
    spanDropped: () => add('dropped', 1),
  };
}

async function open(endpoint: string, more: Partial<TracerSettings> = {}) {
  const telemetry = count();
  const settings = { endpoint, headers: '', serviceName: 'px', sampleRate01: 1 } as const;
  const tracer = await openTracer({ ...settings, sampler: 'parentbased_always_on', ...more }, telemetry);
  if (tracer === null) throw new Error('there is somewhere to send to');
  return { tracer, counts: telemetry.counts };
}

it('is not there where spans have nowhere to go', async () => {
  expect(await openTracer(null, count())).toBeNull();
});

it('sends spans with their parents, names and facts to the receiver, at the latest when it is closed', async () => {
  const { url, spans, headers, bodies } = await listen();
  const { tracer, counts } = await open(url, { headers: 'x-token=a%20secret,other=1', serviceName: 'shop-px' });
  const outer = tracer.startSpan('POST', { kind: 'server', parent, facts: { 'http.request.method': 'POST' } });
  const inner = tracer.startSpan('send events', { kind: 'producer', parent: outer.traceparent });
  inner.end({ error: 'log_full' });
  inner.end();
  outer.end({ name: 'POST /here', facts: { 'http.response.status_code': 202 } });
  const root = tracer.startSpan('alone', { kind: 'client', parent: null, startedAt: 1_750_000_000_000 });
  root.end();
  await tracer.close();

  const [first, second, third] = spans;
  expect(spans).toHaveLength(3);
  expect(second).toMatchObject({
    name: 'POST /here',
    traceId: parent.slice(3, 35),
    parentSpanId: parent.slice(36, 52),
  });
  expect(first).toMatchObject({ name: 'send events', traceId: second?.traceId, parentSpanId: second?.spanId });
  expect(outer.traceparent).toBe(`00-${second?.traceId}-${second?.spanId}-01`);
  expect(third?.traceId).not.toBe(second?.traceId);
  expect(third?.parentSpanId).toBeUndefined();
  expect(counts).toEqual({ exported: 3, failed: 0, dropped: 0 });
  expect(headers[0]).toBe('a secret');
  expect(bodies.join()).toContain('shop-px');
  expect(bodies.join()).toContain('log_full');
});

it.each([
  ['parentbased_always_on', '00', 0],
  ['always_on', '00', 1],
  ['parentbased_always_off', '01', 1],
  ['always_off', '01', 0],
] as const)('samples as %s says, for a client whose flags are %s', async (sampler, flags, sent) => {
  const { url, spans } = await listen();
  const { tracer } = await open(url, { sampler });
  const span = tracer.startSpan('one', { kind: 'server', parent: `${parent.slice(0, -2)}${flags}` });
  expect(span.traceparent.endsWith(sent === 1 ? '-01' : '-00')).toBe(true);
  span.end();
  await tracer.close();
  expect(spans).toHaveLength(sent);
});

it('keeps a bounded number while the receiver is away, counts the rest, and closes in time', async () => {
  const { tracer, counts } = await open('http://127.0.0.1:9');
  for (let at = 0; at < 5_000; at += 1) tracer.startSpan('lost', { kind: 'server', parent: null }).end();
  expect(counts.dropped).toBe(5_000 - 4_096);
  const startedAt = performance.now();
  await tracer.close();
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  expect(counts.exported).toBe(0);
});
