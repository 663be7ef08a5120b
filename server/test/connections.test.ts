import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRawClient, type RawClient, sendRaw, toHead } from './raw-client.ts';
import { readRequestCounts, toGrowth } from './request-counts.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const maxConnections = 10;
/** For a machine that is busy. */
const soon = { timeout: 20_000 };
const path = '/api/v1/events';
const good = JSON.stringify({ event: 'good', anonymous_id: 'a1' });
const live = 'GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n';
const lastLive = live.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

let server: TestServer;
/** Gives clients little time; `server` gives them enough on a machine that is busy. */
let hasty: TestServer;
beforeAll(async () => {
  server = await startTestServer({ requestTimeoutMs: 60_000, headersTimeoutMs: 60_000, maxConnections });
  hasty = await startTestServer({ headersTimeoutMs: 200, keepAliveTimeoutMs: 200 });
});
afterAll(() => Promise.all([server.close(), hasty.close()]));

const metric = async (name: string) => {
  const text = await (await fetch(`${server.url}/metrics`, { headers: { connection: 'close' } })).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
};
const open = (to = server) => openRawClient(to.port);
const openMany = (count: number) => Promise.all(Array.from({ length: count }, () => open()));
/** A request whose body does not come: at work until its time is over. */
async function openBusy(): Promise<RawClient> {
  const client = await open();
  const head = toHead({ path, key: server.keys.pub, contentLength: good.length });
  client.socket.write(head.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'));
  await expect.poll(() => client.received(), soon).toContain('100 Continue');
  client.socket.write(good.slice(0, 5));
  return client;
}

describe('a slow client', () => {
  it('gets 408 where its headers do not come, a byte at a time or not at all', async () => {
    const before = await readRequestCounts(hasty.url);
    const [stopped, dripping] = [await open(hasty), await open(hasty)];
    stopped.socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\n`);
    const bytes = [...`POST ${path} HTTP/1.1\r\nHost: ${'h'.repeat(1_000)}`];
    const drip = setInterval(() => dripping.socket.write(bytes.shift() ?? ''), 20);
    await Promise.all([stopped.closed, dripping.closed]);
    clearInterval(drip);
    for (const client of [stopped, dripping]) {
      expect(client.received()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(client.received()).toMatch(/"code":"request_timeout".*"request_id":"[\w-]{36}"/);
    }
    expect(toGrowth(before, await readRequestCounts(hasty.url))).toEqual({ '408 request_timeout': 2 });
  });

  it('is closed without a word where it never spoke, or is idle after an answer', async () => {
    const [silent, idle] = [await open(hasty), await open(hasty)];
    idle.socket.write(live);
    await Promise.all([silent.closed, idle.closed]);
    expect(silent.received()).toBe('');
    expect(idle.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('one connection more than MAX_CONNECTIONS', () => {
  it('closes the one that was idle for the longest, and is served', async () => {
    const before = await metric('px_http_connections_shed_total');
    const clients = await openMany(maxConnections);
    clients[0]?.socket.write(live);
    await expect.poll(() => clients[0]?.received(), soon).toContain('200 OK');
    const [answer] = await sendRaw(server.port, lastLive);
    expect(answer?.status).toBe(200);
    await Promise.race(clients.slice(1).map(({ closed }) => closed));
    expect(clients[0]?.socket.closed).toBe(false);
    for (const { socket } of clients) socket.destroy();
    expect(await metric('px_http_connections_shed_total')).toBeGreaterThan(before);
    await expect.poll(() => metric('px_http_connections'), soon).toBe(1);
  });

  it('closes none that is at work: where all are, the new one is closed', async () => {
    const busy = await Promise.all(Array.from({ length: maxConnections }, () => openBusy()));
    expect(await sendRaw(server.port, lastLive)).toEqual([]);
    for (const { socket } of busy) socket.write(good.slice(5));
    for (const client of busy) await expect.poll(() => client.received(), soon).toContain('HTTP/1.1 202 ');
    for (const { socket } of busy) socket.destroy();
    expect(await server.takeRecords()).toHaveLength(maxConnections);
  });
});

describe('what breaks on a connection with an answer under way', () => {
  it('is answered behind it where it is another request', async () => {
    const client = await openBusy();
    client.socket.write(`${good.slice(5)}NONSENSE\r\n\r\n`);
    await client.closed;
    expect(client.received()).toMatch(/HTTP\/1\.1 202 [\s\S]*HTTP\/1\.1 400 Bad Request\r\nConnection: close/);
    expect(await server.takeRecords()).toHaveLength(1);
  });

  it('is answered by the route where it is the body, with its request id and for pages of any origin', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: h\r\nX-Request-ID: mine\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const [answer] = await sendRaw(server.port, `${head}nonsense`);
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'x-request-id': 'mine', 'access-control-allow-origin': '*', connection: 'close' },
      body: expect.stringContaining('"request_id":"mine"'),
    });
    await expect
      .poll(() => server.logLines.find((line) => line['request_id'] === 'mine'), soon)
      .toMatchObject({
        route: path,
        status: 400,
        outcome: 'invalid_body',
      });
  });

  it('is not written into a stream', async () => {
    const client = await open();
    client.socket.write(`GET /api/v1/live HTTP/1.1\r\nHost: h\r\nX-API-Key: ${server.keys.srv}\r\n\r\n`);
    await expect.poll(() => client.received(), soon).toContain('retry:');
    client.socket.write('NONSENSE\r\n\r\n');
    await fetch(`${server.url}/health/live`);
    expect(client.received()).not.toContain('400');
    client.socket.destroy();
  });

  it('gets no second answer where the first came before the body', async () => {
    const head = 'POST /nothing HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n';
    const client = await open();
    client.socket.write(head);
    await expect.poll(() => client.received(), soon).toContain('404');
    client.socket.write('nonsense');
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
