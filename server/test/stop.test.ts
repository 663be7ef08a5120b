import { describe, expect, it } from 'vitest';
import { openRawClient, toHead } from './raw-client.ts';
import { startTestServer } from './test-server.ts';

const good = JSON.stringify({ event: 'good', anonymous_id: 'a1' });

describe('stopping', () => {
  it('answers the request in flight, ends live streams and idle connections, and is done', async () => {
    const server = await startTestServer();
    const stream = await fetch(`${server.url}/api/v1/live`, { headers: { 'x-api-key': server.keys.srv } });
    const idle = await openRawClient(server.port);
    const inFlight = await openRawClient(server.port);
    inFlight.socket.write(toHead({ path: '/api/v1/events', key: server.keys.pub, contentLength: good.length }));
    inFlight.socket.write(good.slice(0, 10));
    await fetch(`${server.url}/health/live`);

    const stopped = server.close();
    expect(await stream.text()).toContain('retry:');
    expect(inFlight.received()).toBe('');
    inFlight.socket.write(good.slice(10));
    await stopped;
    await idle.closed;
    await inFlight.closed;
    expect(inFlight.received()).toMatch(/^HTTP\/1\.1 202 /);
    expect(await server.takeRecords()).toHaveLength(1);
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
  });
});

describe('stopping under load', () => {
  it('takes no more from clients that never pause, and loses nothing that it answered', async () => {
    const server = await startTestServer();
    let answered = 0;
    async function sendOn(): Promise<void> {
      for (;;) {
        const sent = fetch(`${server.url}/api/v1/events`, {
          method: 'POST',
          body: good,
          headers: { 'x-api-key': server.keys.pub },
        });
        const response = await sent.catch(() => null);
        if (response === null) return;
        expect(response.status).toBe(202);
        await response.text();
        answered += 1;
      }
    }
    const clients = Array.from({ length: 8 }, sendOn);
    await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(50);
    const startedAt = performance.now();
    await server.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await Promise.all(clients);
    expect((await server.takeRecords()).length).toBeGreaterThanOrEqual(answered);
  });
});

describe('a request that comes while the server stops', () => {
  it('is answered, and its connection closed', async () => {
    const server = await startTestServer();
    const [holding, late] = [await openRawClient(server.port), await openRawClient(server.port)];
    const head = toHead({ path: '/api/v1/events', key: server.keys.pub, contentLength: good.length });
    holding.socket.write(head);
    late.socket.write(head.slice(0, 30));
    await fetch(`${server.url}/health/live`);
    const stopped = server.close();
    late.socket.write(head.slice(30) + good);
    await late.closed;
    expect(late.received()).toMatch(/^HTTP\/1\.1 202 /);
    expect(late.received()).toMatch(/\r\nConnection: close\r\n/i);
    holding.socket.write(good);
    await stopped;
    expect(await server.takeRecords()).toHaveLength(2);
  });
});

describe('a port that is taken', () => {
  it('is named, with what to do', async () => {
    const first = await startTestServer();
    await expect(startTestServer({ port: first.port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${first.port}.*another process.*PORT`)),
    });
    await first.close();
  });
});
