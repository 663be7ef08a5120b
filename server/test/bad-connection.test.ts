import { AppError } from '@px-platform/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRawClient, toHead } from './raw-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const path = '/api/v1/events';
const good = JSON.stringify({ event: 'good', anonymous_id: 'a1' });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ requestTimeoutMs: 300 });
});
afterAll(() => server.close());
afterEach(async () => {
  expect((await postGood(server)).status).toBe(202);
  expect(await server.takeRecords()).toMatchObject([{ events: [{ event: 'good' }] }]);
});

function postGood(to: TestServer): Promise<Response> {
  return fetch(to.url + path, { method: 'POST', body: good, headers: { 'x-api-key': to.keys.pub } });
}
async function readMetric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? Number.NaN,
  );
}

describe('a client that does not finish', () => {
  it('is counted when its body is cut off half way, and nothing of it is stored', async () => {
    const before = await readMetric('px_http_bodies_aborted_total');
    const client = await openRawClient(server.port);
    client.socket.write(toHead({ path, key: server.keys.pub, contentLength: good.length }) + good.slice(0, 20));
    await expect.poll(() => client.socket.bytesWritten).toBeGreaterThan(100);
    client.socket.destroy();
    await expect.poll(() => readMetric('px_http_bodies_aborted_total')).toBe(before + 1);
    await expect.poll(() => server.logLines.at(-2)).toMatchObject({ outcome: 'aborted', route: path, status: 0 });
    expect(await server.takeRecords()).toEqual([]);
  });

  it('gets 408 when it sends too slowly, and its connection is closed', async () => {
    const client = await openRawClient(server.port);
    client.socket.write(toHead({ path, key: server.keys.pub, contentLength: good.length }));
    const bytes = [...good];
    const slow = setInterval(() => client.socket.write(bytes.shift() ?? ''), 50);
    await client.closed;
    clearInterval(slow);
    expect(bytes.length).toBeGreaterThan(0);
    expect(client.received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(client.received()).toMatch(/x-request-id: /i);
    expect(client.received()).toContain('"code":"request_timeout"');
  });

  it('gets a problem for what is no HTTP', async () => {
    const client = await openRawClient(server.port);
    client.socket.write('HELLO\r\n\r\n');
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(client.received()).toMatch(/x-request-id: /i);
    expect(client.received()).toContain('"code":"invalid_body"');
  });

  it('gets a problem for headers over 16 KiB', async () => {
    const client = await openRawClient(server.port);
    client.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 431 /);
    expect(client.received()).toContain('"code":"headers_too_large"');
  });
});

describe('a body over the limit', () => {
  it('is answered although the client still sends, and the connection is closed', async () => {
    const client = await openRawClient(server.port);
    client.socket.write(toHead({ path, key: server.keys.pub, contentLength: 1e9 }));
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 413 /);
    expect(client.received()).toMatch(/connection: close/i);
    expect(client.received()).toContain('"details":{"size":1000000000,"limit":1048576,"unit":"bytes"}');
  });

  it('is cut off where it never says how long it is', async () => {
    const client = await openRawClient(server.port);
    client.socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${server.keys.pub}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = `${(65_536).toString(16)}\r\n${' '.repeat(65_536)}\r\n`;
    const pump = () => {
      while (client.socket.writable && client.socket.write(chunk));
    };
    client.socket.on('drain', pump);
    pump();
    await client.closed;
    expect(client.socket.bytesWritten).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a log that takes nothing', () => {
  it('is answered 503 with Retry-After when it is full, and all of the request can be sent again', async () => {
    const full = await startTestServer({ logMaxBytes: 3_000 });
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) statuses.push((await postGood(full)).status);
    const taken = statuses.filter((status) => status === 202).length;
    expect(taken).toBeGreaterThan(0);
    expect(statuses.slice(taken)).toEqual(Array.from({ length: 20 - taken }, () => 503));

    const refused = await postGood(full);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({
      error: { code: 'not_durable', request_id: refused.headers.get('x-request-id') },
    });
    expect(await full.takeRecords()).toHaveLength(taken);
    expect((await postGood(full)).status).toBe(202);
    await full.close();
  });

  it.each([
    ['is away', () => new AppError('log_unavailable', 'LMDB is closed, at /var/secret/path'), 503, 'not_durable'],
    ['has a bug', () => new TypeError('x is not a function, at /var/secret/path'), 500, 'internal'],
  ])('is answered without a word on the inside when it %s', async (_name, toError, status, code) => {
    const broken = await startTestServer({
      wrapLog: (log) => ({ ...log, append: () => Promise.reject(toError()) }),
    });
    const response = await postGood(broken);
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(JSON.parse(text)).toMatchObject({ error: { code, request_id: response.headers.get('x-request-id') } });
    expect(text).not.toMatch(/secret|\sat\s.*:\d/);
    const line = broken.logLines.find(({ outcome }) => outcome === code);
    expect(line).toMatchObject({ level: 'error', err: expect.any(Error), request_id: expect.any(String) });
    expect((await fetch(`${broken.url}/health/live`)).status).toBe(200);
    await broken.close();
  });
});
