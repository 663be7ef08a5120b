import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFakeTime } from '../test/fake-time.ts';
import { toSample } from '../test/sample.ts';
import { createCounts } from './page/counts.ts';
import { createFetchTransport } from './transport-fetch.ts';

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let server: Server;
let answer: { status: number; headers?: Record<string, string>; body?: string } | 'cut' | 'silence';
const seen: Seen[] = [];
beforeAll(async () => {
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    seen.push({ headers: req.headers, body: Buffer.concat(chunks) });
    if (answer === 'cut') req.socket.destroy();
    else if (answer !== 'silence') res.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function setUp() {
  const time = createFakeTime();
  const counts = createCounts();
  const { port } = server.address() as AddressInfo;
  const transport = createFetchTransport({
    fetch,
    url: `http://127.0.0.1:${port}/`,
    clock: time.clock,
    after: time.after,
    count: counts.count,
  });
  return { time, counts, transport };
}

const small = { events: [toSample('a').event] };

test('sends plain JSON with the time of sending, and no header that needs a preflight', async () => {
  answer = { status: 202, body: '{"accepted":1,"rejected":0,"events":[]}' };
  expect(await setUp().transport.send(small)).toEqual({ kind: 'sent' });
  const last = seen.at(-1);
  expect(JSON.parse(String(last?.body))).toEqual({ ...small, sent_at: '2026-03-01T12:00:00.000Z' });
  expect(last?.headers['content-type']).toBe('text/plain;charset=UTF-8');
  expect(last?.headers['content-encoding']).toBeUndefined();
});

test('gzips what is long enough to gain by it', async () => {
  answer = { status: 202 };
  const long = { events: [toSample('a', 10_000).event] };
  await setUp().transport.send(long);
  expect(JSON.parse(gunzipSync(seen.at(-1)?.body ?? '').toString())).toMatchObject(long);
});

test.each([
  [200, { kind: 'sent' }],
  [202, { kind: 'sent' }],
  [400, { kind: 'rejected', code: 400 }],
  [401, { kind: 'rejected', code: 401 }],
  [413, { kind: 'rejected', code: 413 }],
  [408, { kind: 'retry', afterMs: 0 }],
  [429, { kind: 'retry', afterMs: 0 }],
  [500, { kind: 'retry', afterMs: 0 }],
  [503, { kind: 'retry', afterMs: 0 }],
])('takes status %i for %o', async (status, outcome) => {
  answer = { status };
  expect(await setUp().transport.send(small)).toEqual(outcome);
});

test.each([
  ['3', 3_000],
  ['Sun, 01 Mar 2026 12:00:05 GMT', 5_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['-1', 0],
  ['soon', 0],
])('reads Retry-After %s as %i ms', async (text, afterMs) => {
  answer = { status: 429, headers: { 'Retry-After': text } };
  expect(await setUp().transport.send(small)).toEqual({ kind: 'retry', afterMs });
});

test('counts the events that a partly accepted batch lost', async () => {
  answer = { status: 202, body: '{"accepted":1,"rejected":2,"events":[]}' };
  const { transport, counts } = setUp();
  await transport.send(small);
  expect(counts.read()).toEqual({ event_rejected: 2 });
});

test('a cut line, no answer in time and no fetch are all retry', async () => {
  answer = 'cut';
  const { transport, time, counts } = setUp();
  expect(await transport.send(small)).toEqual({ kind: 'retry', afterMs: 0 });
  answer = 'silence';
  const waiting = transport.send(small);
  await time.advance(15_000);
  expect(await waiting).toEqual({ kind: 'retry', afterMs: 0 });
  const broken = createFetchTransport({
    fetch: () => {
      throw new TypeError('fetch is not a function');
    },
    url: 'http://127.0.0.1/',
    clock: time.clock,
    after: time.after,
    count: counts.count,
  });
  expect(await broken.send(small)).toEqual({ kind: 'retry', afterMs: 0 });
  expect(counts.read()).toEqual({ unreachable: 3 });
});
