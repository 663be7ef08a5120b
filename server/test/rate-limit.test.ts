import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
const start = async (settings: Parameters<typeof startTestServer>[0] = {}) => {
  server = await startTestServer(settings);
};
beforeEach(() => {
  // The counters' windows are by the machine's clock.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 15, 12) });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

async function send(key: string, path = '/api/v1/events', body: object = { event: 'x', anonymous_id: 'a1' }) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const sendMany = async (count: number, key: string) => {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await send(key)).status);
  return statuses;
};
const limited = (rate: number) =>
  server.makeKey({ kind: 'srv', scopes: ['events:write', 'query:read'], ratePerMinute: rate });
const countOf = async (metric: string) => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(metric))
      ?.split(' ')
      .at(-1) ?? 0,
  );
};

describe('a key that goes on asking', () => {
  it('gets twenty refusals at once and waits for the others, while another key is answered', async () => {
    await start();
    const [flooding, other] = [await limited(1), await limited(5)];
    expect((await send(flooding.secret)).status).toBe(202);
    let answered = 0;
    const flood = Array.from({ length: 200 }, async () => {
      const { status, headers } = await send(flooding.secret);
      answered += 1;
      return { status, isTold: Number(headers.get('retry-after')) > 0 };
    });
    await expect.poll(() => answered).toBeGreaterThanOrEqual(20);
    expect((await send(other.secret)).status).toBe(202);
    expect(answered).toBeLessThan(200);
    expect(await Promise.all(flood)).toEqual(Array(200).fill({ status: 429, isTold: true }));
    expect(await countOf('px_rate_limited_total{window="burst"}')).toBe(200);
  });
});

describe('the rate of a key', () => {
  it('lets so many requests through a minute, refuses the next, and begins anew', async () => {
    await start();
    const { secret } = await limited(3);
    const first = await send(secret);
    expect(first.status).toBe(202);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '60',
      'x-ratelimit-limit': '3',
      'x-ratelimit-remaining': '2',
      'x-ratelimit-reset': String(Date.UTC(2026, 0, 15, 12, 1) / 1_000),
    });
    expect(await sendMany(2, secret)).toEqual([202, 202]);
    vi.setSystemTime(Date.now() + 20_000);
    const refused = await send(secret);
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: 'rate_limited', details: { limit: 3, window: 'minute' } } },
    });
    expect(refused.body.error.request_id).toBe(refused.headers.get('x-request-id'));
    expect(Object.fromEntries(refused.headers)).toMatchObject({ 'retry-after': '40', 'ratelimit-remaining': '0' });
    expect((await server.takeRecords()).length).toBe(3);
    vi.setSystemTime(Date.now() + 40_000);
    expect((await send(secret)).status).toBe(202);
    expect(await countOf('px_rate_limited_total{window="burst"}')).toBe(1);
    expect(server.logLines.filter(({ outcome }) => outcome === 'rate_limited')).toMatchObject([
      { status: 429, key_prefix: secret.slice(0, 16) },
    ]);
  });

  it('is each key’s own, and one for all routes that take it', async () => {
    await start();
    const one = await limited(2);
    const other = await limited(2);
    expect(
      (await send(one.secret, '/api/v1/events/batch', { events: [{ event: 'x', anonymous_id: 'a' }] })).status,
    ).toBe(202);
    expect((await send(one.secret, '/v1/track', { event: 'x', userId: 'u' })).status).toBe(200);
    expect((await send(one.secret)).status).toBe(429);
    expect((await send(one.secret, '/api/v1/query', {})).status).toBe(429);
    const status = await fetch(`${server.url}/api/v1/events/queue/status?api_key=${one.secret}`);
    expect(status.status).toBe(429);
    expect(await sendMany(2, other.secret)).toEqual([202, 202]);
  });

  it('counts what is refused for other reasons after the key is known, and nothing before', async () => {
    await start();
    const { secret } = await limited(2);
    expect((await send(`${secret}x`)).status).toBe(401);
    expect((await send(secret, '/api/v1/events', { event: '' })).status).toBe(400);
    expect(await sendMany(2, secret)).toEqual([202, 429]);
  });
});

describe('the tier of a tenant', () => {
  it('free: 100 a minute and 1,000 an hour', async () => {
    await start({ tier: 'free' });
    const remaining = async () => (await send(server.keys.other)).headers.get('ratelimit-remaining');
    expect(await remaining()).toBe('99');
    for (let minute = 0; minute < 10; minute += 1) {
      expect(new Set(await sendMany(100, server.keys.srv))).toEqual(new Set([202]));
      if (minute === 0) {
        expect(await send(server.keys.srv)).toMatchObject({
          status: 429,
          body: { error: { details: { window: 'minute' } } },
        });
      }
      vi.setSystemTime(Date.now() + 60_000);
    }
    const refused = await send(server.keys.srv);
    expect(refused).toMatchObject({ status: 429, body: { error: { details: { limit: 1_000, window: 'hour' } } } });
    expect(refused.headers.get('retry-after')).toBe('3000');
    expect((await send(server.keys.pub)).status).toBe(202);
  });

  it('enterprise: nothing holds, and nothing is told', async () => {
    await start();
    const answer = await send(server.keys.srv);
    expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([202, null]);
    expect(new Set(await sendMany(300, server.keys.srv))).toEqual(new Set([202]));
  });
});
