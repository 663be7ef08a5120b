import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReadToken } from '../src/auth/read-token.ts';
import { startTestServer, type TestServer, tokenSecret } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  server.reader.rows.set(server.projectId, [{ n: 0 }]);
});
afterEach(() => server.close());

/** Opens a stream and keeps what comes. */
async function open(query: string, headers: Record<string, string> = {}) {
  const cancel = new AbortController();
  const response = await fetch(`${server.url}/api/v1/live${query}`, { headers, signal: cancel.signal });
  const stream = { response, text: '', isEnded: false, close: () => cancel.abort() };
  const decoder = new TextDecoder();
  void (async () => {
    for await (const chunk of response.body ?? []) stream.text += decoder.decode(chunk);
  })()
    .catch(() => undefined)
    .finally(() => {
      stream.isEnded = true;
    });
  return stream;
}
const store = (...rows: { n: number }[]) => server.reader.rows.get(server.projectId)?.push(...rows);
const dataOf = (text: string) => [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? ''));
const openStreams = async () =>
  /^px_live_streams (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];

describe('GET /api/v1/live', () => {
  it('streams what is stored from now on, to each who listens', async () => {
    const token = createReadToken(tokenSecret, { projectId: server.projectId, expiresAt: server.now + 60_000 });
    const byKey = await open('', { 'x-api-key': server.keys.srv });
    const byToken = await open(`?token=${token}`);
    const other = await open('', { 'x-api-key': server.keys.other });
    expect(byKey.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(byKey.response.headers.get('cache-control')).toBe('no-store');
    store({ n: 1 }, { n: 2 });
    await expect.poll(() => dataOf(byKey.text), { timeout: 5_000 }).toEqual([{ n: 1 }, { n: 2 }]);
    await expect.poll(() => dataOf(byToken.text), { timeout: 5_000 }).toEqual([{ n: 1 }, { n: 2 }]);
    store({ n: 3 });
    await expect.poll(() => dataOf(byKey.text), { timeout: 5_000 }).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(dataOf(other.text)).toEqual([]);
    expect(await openStreams()).toBe('3');
    byKey.close();
    byToken.close();
    other.close();
    await expect.poll(openStreams).toBe('0');
  });

  it('resumes after the last event that the client has', async () => {
    const first = await open('', { 'x-api-key': server.keys.srv });
    store({ n: 1 });
    await expect.poll(() => dataOf(first.text), { timeout: 5_000 }).toEqual([{ n: 1 }]);
    first.close();
    const lastId = /^id: (.*)$/m.exec(first.text)?.[1] ?? '';
    store({ n: 2 }, { n: 3 });
    const again = await open('', { 'x-api-key': server.keys.srv, 'last-event-id': lastId });
    await expect.poll(() => dataOf(again.text), { timeout: 5_000 }).toEqual([{ n: 2 }, { n: 3 }]);
    again.close();
  });

  it('goes on after the store was away', async () => {
    const stream = await open('', { 'x-api-key': server.keys.srv });
    server.reader.isAway = true;
    store({ n: 1 });
    await expect
      .poll(
        async () => (await (await fetch(`${server.url}/metrics`)).text()).match(/px_live_polls_failed_total [1-9]/),
        {
          timeout: 5_000,
        },
      )
      .not.toBeNull();
    server.reader.isAway = false;
    await expect.poll(() => dataOf(stream.text), { timeout: 5_000 }).toEqual([{ n: 1 }]);
    stream.close();
  });

  it('ends when the token expires', async () => {
    const token = createReadToken(tokenSecret, { projectId: server.projectId, expiresAt: server.now + 1_000 });
    const stream = await open(`?token=${token}`);
    server.now += 1_000;
    await expect.poll(() => stream.isEnded, { timeout: 6_000 }).toBe(true);
  });

  it.each<[string, () => string, number]>([
    ['no token', () => '', 401],
    ['a pub key', () => `?api_key=${server.keys.pub}`, 403],
    [
      'a token of another server',
      () => `?token=${createReadToken(Buffer.alloc(32), { projectId: 'p', expiresAt: 9e12 })}`,
      401,
    ],
  ])('refuses %s', async (_name, toQuery, status) => {
    const stream = await open(toQuery());
    expect(stream.response.status).toBe(status);
  });

  it('answers 503 where the store is away from the first', async () => {
    server.reader.isAway = true;
    expect((await open('', { 'x-api-key': server.keys.srv })).response.status).toBe(503);
  });
});
