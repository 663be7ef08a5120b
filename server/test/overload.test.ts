import type { EventLog } from '@px-platform/log';
import { afterEach, describe, expect, it } from 'vitest';
import { openRawClient, toHead } from './raw-client.ts';
import { startTestServer, type TestServer, type TestSettings } from './test-server.ts';

let server: TestServer;
const held: (() => void)[] = [];
afterEach(async () => {
  letGo();
  await server.close();
});

function letGo(): void {
  for (const release of held.splice(0)) release();
}

/** A disk that answers when it is told to. */
const wrapLog = (log: EventLog): EventLog => ({
  ...log,
  append: async (records) => {
    await new Promise<void>((release) => held.push(release));
    return log.append(records);
  },
});

const start = async (settings: TestSettings = {}): Promise<void> => {
  server = await startTestServer({ wrapLog, ...settings });
};

const send = (path = '/api/v1/events', body = '{"event":"e","anonymous_id":"a"}'): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    body,
    headers: { 'x-api-key': server.keys.srv, 'x-request-id': 'mine-1', 'content-type': 'application/json' },
  });

async function hold(count: number): Promise<Promise<Response>[]> {
  const sent = Array.from({ length: count }, () => send());
  await expect.poll(() => held.length).toBe(count);
  return sent;
}

describe('more requests than are worked on at once', () => {
  it('are refused before they are read, with all that a client needs, and taken once there is room', async () => {
    await start({ maxInFlight: 3 });
    const sent = await hold(3);
    const refused = await send('/v1/track', 'this is never read');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({
      error: { code: 'overloaded', message: expect.stringContaining('Send it again later'), request_id: 'mine-1' },
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(refused.headers.get('x-request-id')).toBe('mine-1');
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect(refused.headers.get('access-control-expose-headers')).toContain('Retry-After');

    letGo();
    for (const response of await Promise.all(sent)) expect(response.status).toBe(202);
    const taken = send();
    await expect.poll(() => held.length).toBe(1);
    letGo();
    expect((await taken).status).toBe(202);
    expect(await server.takeRecords()).toHaveLength(4);
  });

  it('are counted, told once a second in the log, and shown as a part of health; all else goes on', async () => {
    await start({ maxInFlight: 2 });
    const sent = await hold(2);
    // On connections of their own: one that asks again at once would wait.
    const refused = await Promise.all(Array.from({ length: 5 }, () => send()));
    expect(refused.map(({ status }) => status)).toEqual(Array(5).fill(503));
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('px_ingest_in_flight 2\n');
    expect(metrics).toContain('px_ingest_in_flight_bytes 64\n');
    expect(metrics).toContain('px_ingest_refused_total{reason="in_flight"} 5\n');
    letGo();
    await Promise.all(sent);
    const health = await fetch(`${server.url}/health/ready`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'degraded',
      dependencies: { ingest: { status: 'down' }, log: { status: 'ok' } },
    });
    await expect
      .poll(() => server.logLines.filter((line) => line['reason'] === 'in_flight'), { timeout: 5_000 })
      .toEqual([expect.objectContaining({ level: 'warn', outcome: 'overloaded', refused: 5 })]);
    await expect
      .poll(async () => (await fetch(`${server.url}/health`)).json(), { timeout: 5_000 })
      .toMatchObject({
        status: 'ok',
      });
  });

  it('are refused by their announced bytes too; one alone may be larger than the bound', async () => {
    await start({ maxInFlightBytes: 500 });
    const large = `{"event":"e","anonymous_id":"a","properties":{"text":"${'x'.repeat(600)}"}}`;
    const first = send('/api/v1/events', large);
    await expect.poll(() => held.length).toBe(1);
    const refused = await send();
    expect(await refused.json()).toMatchObject({ error: { code: 'overloaded' } });
    letGo();
    expect((await first).status).toBe(202);
  });
});

describe('the connection of a refused request', () => {
  it('goes on where the body is short, and is closed where much of it is still to come', async () => {
    await start({ maxInFlight: 1 });
    const [sent] = await hold(1);
    const client = await openRawClient(server.port);
    const body = '{"event":"e","anonymous_id":"a"}';
    const request = toHead({ path: '/api/v1/events', key: server.keys.pub, contentLength: body.length }) + body;
    client.socket.write(request);
    await expect.poll(() => client.received()).toMatch(/^HTTP\/1\.1 503 .*\r\nConnection: keep-alive\r\n/is);
    letGo();
    await sent;
    client.socket.write(request);
    await expect.poll(() => held.length).toBe(1);
    const late = await openRawClient(server.port);
    late.socket.write(toHead({ path: '/api/v1/events', key: server.keys.pub, contentLength: 300_000 }) + body);
    await late.closed;
    expect(late.received()).toMatch(/^HTTP\/1\.1 503 .*\r\nConnection: close\r\n/is);
    letGo();
    await expect.poll(() => client.received()).toMatch(/HTTP\/1\.1 202 /);
    client.socket.destroy();
  });
});

describe('a client that was refused and asks again at once', () => {
  const countRefusals = (text: string): number => text.split('HTTP/1.1 503 ').length - 1;
  const readRefused = async (): Promise<string> =>
    /px_ingest_refused_total\{reason="in_flight"\} (\d+)/.exec(
      await (await fetch(`${server.url}/metrics`)).text(),
    )?.[1] ?? '0';

  it('waits for its next refusal, and others do not; what it asks beside is answered, and what there is room for is taken', async () => {
    await start({ maxInFlight: 1 });
    const [sent] = await hold(1);
    const body = '{"event":"e","anonymous_id":"a"}';
    const request = toHead({ path: '/api/v1/events', key: server.keys.pub, contentLength: body.length }) + body;
    const early = await openRawClient(server.port);
    early.socket.write(request);
    await expect.poll(() => countRefusals(early.received())).toBe(1);
    early.socket.write(request);
    await expect.poll(readRefused).toBe('2');

    const other = await openRawClient(server.port);
    other.socket.write(request);
    await expect.poll(() => countRefusals(other.received())).toBe(1);
    other.socket.write('GET /health/live HTTP/1.1\r\nHost: px\r\n\r\n');
    await expect.poll(() => other.received()).toMatch(/HTTP\/1\.1 200 /);
    expect(countRefusals(early.received())).toBe(1);
    await expect.poll(() => countRefusals(early.received()), { timeout: 5_000 }).toBe(2);

    letGo();
    expect((await sent)?.status).toBe(202);
    early.socket.write(request);
    await expect.poll(() => held.length).toBe(1);
    letGo();
    await expect.poll(() => early.received()).toMatch(/HTTP\/1\.1 202 /);
    early.socket.destroy();
    other.socket.destroy();
  });
});

describe('a disk that refuses', () => {
  it('is named by health until it takes an append again', async () => {
    const disk = { isFull: true };
    await start({
      wrapLog: (log) => ({
        ...log,
        append: (records) => (disk.isFull ? Promise.reject(new Error('EROFS')) : log.append(records)),
      }),
    });
    const look = async () => (await fetch(`${server.url}/health/ready`)).json();
    expect(await look()).toMatchObject({ status: 'ok' });
    await send();
    expect(await look()).toMatchObject({ status: 'down', dependencies: { log: { status: 'down' } } });
    disk.isFull = false;
    expect((await send()).status).toBe(202);
    expect(await look()).toMatchObject({ status: 'ok' });
  });
});
