import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts';

const received: string[] = [];
const target = createServer((req, res) => {
  received.push(`${req.method} ${req.url}`);
  req.resume();
  req.on('end', () => res.writeHead(202, { 'X-Request-ID': 'r1' }).end('taken'));
});
let proxy: FaultProxy;

beforeEach(async () => {
  received.length = 0;
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  proxy = await openFaultProxy(`http://127.0.0.1:${(target.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => {
    target.close(resolve);
    target.closeAllConnections();
  });
});

const batch = {
  events: [
    { event: 'one', event_id: 'id-1' },
    { event: 'two', event_id: 'id-2' },
  ],
};
const post = (body: string | Uint8Array<ArrayBuffer> = JSON.stringify(batch)) =>
  fetch(`${proxy.url}/api/v1/events/batch?api_key=k`, { method: 'POST', body });

it('hands on what comes and what is answered, and notes the events of plain and gzipped bodies', async () => {
  const response = await post();
  expect([response.status, response.headers.get('x-request-id'), await response.text()]).toEqual([202, 'r1', 'taken']);
  await post(new Uint8Array(gzipSync(JSON.stringify(batch))));
  expect(received).toEqual(['POST /api/v1/events/batch?api_key=k', 'POST /api/v1/events/batch?api_key=k']);
  for (const request of proxy.requests) {
    expect(request).toMatchObject({ answer: 202, isStored: true, events: [{ id: 'id-1' }, { event: 'two' }] });
  }
});

it('answers 500 and 429 by itself, readable for another origin', async () => {
  proxy.set({ kind: 'failing' });
  expect((await post()).status).toBe(500);
  proxy.set({ kind: 'too_many', retryAfterSeconds: 7 });
  const { status, headers } = await post();
  expect([status, headers.get('retry-after'), headers.get('access-control-allow-origin')]).toEqual([429, '7', '*']);
  expect(received).toEqual([]);
  expect(proxy.requests.map(({ isStored }) => isStored)).toEqual([false, false]);
});

it('answers 413 to long batches only', async () => {
  proxy.set({ kind: 'too_large', maxEvents: 1 });
  expect((await post()).status).toBe(413);
  proxy.set({ kind: 'too_large', maxEvents: 2 });
  expect((await post()).status).toBe(202);
});

it('loses the answer after the server has it', async () => {
  proxy.set({ kind: 'answer_lost' });
  await expect(post()).rejects.toThrow();
  expect(received).toHaveLength(1);
  expect(proxy.requests).toMatchObject([{ answer: 'cut', isStored: true }]);
});

it('cuts every line while it is down, and takes requests again on the same port', async () => {
  proxy.set({ kind: 'down' });
  await expect(post()).rejects.toThrow();
  expect(received).toEqual([]);
  proxy.set({ kind: 'none' });
  expect((await post()).status).toBe(202);
});

it('takes its time where it is slow', async () => {
  proxy.set({ kind: 'slow', delayMs: 300 });
  const startedAt = performance.now();
  expect((await post()).status).toBe(202);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
});
