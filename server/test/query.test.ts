import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReadToken } from '../src/auth/read-token.ts';
import { startTestServer, type TestServer, tokenSecret } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const question = { question: 'timeseries', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const toToken = (projectId: string) => createReadToken(tokenSecret, { projectId, expiresAt: server.now + 60_000 });

describe('POST /api/v1/query', () => {
  const ask = (body: unknown, headers: Record<string, string>) =>
    fetch(`${server.url}/api/v1/query`, {
      method: 'POST',
      body: body instanceof Uint8Array ? body : typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it("asks the key's project, with the defaults filled in", async () => {
    server.reader.rows.set(server.projectId, [{ event: 'x' }]);
    const response = await ask(question, bearer(server.keys.srv));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ columns: ['n'], rows: [[1]], elapsed_ms: 1, rows_read: 1 });
    expect(server.reader.asked).toEqual([
      { projectId: server.projectId, question: expect.objectContaining({ interval: 'day', timezone: 'UTC' }) },
    ]);
    const other = await ask(gzipSync(JSON.stringify(question)), bearer(server.keys.other));
    expect(await other.json()).toMatchObject({ rows: [[0]] });
  });

  it('takes a read token, for its own project', async () => {
    expect((await ask(question, bearer(toToken('prj_x')))).status).toBe(200);
    expect(server.reader.asked).toMatchObject([{ projectId: 'prj_x' }]);
  });

  it.each<[string, unknown, () => string, number, string]>([
    ['a pub key', question, () => server.keys.pub, 403, 'missing_scope'],
    ['a forged token', question, () => `${toToken('prj_x')}x`, 401, 'invalid_token'],
    ['no JSON', 'what?', () => server.keys.srv, 400, 'invalid_json'],
    ['an unknown question', { ...question, question: 'why' }, () => server.keys.srv, 400, 'invalid_body'],
    [
      'an unknown field',
      { ...question, filters: [{ field: 'ip', op: 'eq', value: 'x' }] },
      () => server.keys.srv,
      400,
      'invalid_body',
    ],
    ['a question of 300 KB', { ...question, x: 'x'.repeat(300_000) }, () => server.keys.srv, 413, 'body_too_large'],
  ])('refuses %s', async (_name, body, toKey, status, code) => {
    const response = await ask(body, bearer(toKey()));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(server.reader.asked).toEqual([]);
  });

  it('names each mistake of a question', async () => {
    const response = await ask({ ...question, from: 'yesterday', limit: 0 }, bearer(server.keys.srv));
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('from'), details: { issues: [{ path: 'from' }, { path: 'limit' }] } },
    });
  });

  it('answers 422 over budget and 503 where the store is away', async () => {
    server.reader.isOverBudget = true;
    const over = await ask(question, bearer(server.keys.srv));
    expect(over.status).toBe(422);
    expect(await over.json()).toMatchObject({
      error: { code: 'query_over_budget', message: expect.stringContaining('10 s') },
    });
    server.reader.isAway = true;
    const away = await ask(question, bearer(server.keys.srv));
    expect(away.status).toBe(503);
    expect(away.headers.get('retry-after')).toBe('5');
    expect(await away.json()).toMatchObject({ error: { code: 'not_ready' } });
  });
});

describe('GET /api/v1/export/events', () => {
  const range = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';
  const get = (query: string, key = server.keys.srv) =>
    fetch(`${server.url}/api/v1/export/events?${query}`, { headers: bearer(key) });
  const rows = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }];

  it('streams a row a line', async () => {
    server.reader.rows.set(server.projectId, rows);
    const response = await get(range);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(await response.text()).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect(await (await get(range, server.keys.other)).text()).toBe('');
  });

  it('breaks the connection where the store fails half way', async () => {
    server.reader.rows.set(server.projectId, rows);
    server.reader.failingPage = 1;
    const response = await get(range);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => server.logLines.find(({ outcome }) => outcome === 'not_ready')).toBeDefined();
    server.reader.failingPage = 0;
    expect((await get(range)).status).toBe(503);
  });

  it('reads no faster than the client', async () => {
    let pages = 0;
    server.reader.exportRows = async function* () {
      for (; pages < 1_000; pages++) yield [{ text: 'x'.repeat(100_000) }];
    };
    const response = await get(range);
    const body = response.body?.getReader();
    await body?.read();
    await fetch(`${server.url}/health/live`);
    expect(pages).toBeLessThan(500);
    await body?.cancel();
    await expect.poll(() => server.logLines.find(({ outcome }) => outcome === 'aborted')).toBeDefined();
    await fetch(`${server.url}/health/live`);
    expect(server.logLines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each([
    ['', 'from'],
    ['from=2026-01-01T00:00:00Z', 'to'],
    ['from=yesterday&to=2026-02-01T00:00:00Z', 'from'],
    ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
    ['from=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z', 'from'],
  ])('refuses "%s"', async (query, named) => {
    const response = await get(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'invalid_parameter', message: expect.stringContaining(`"${named}"`) },
    });
  });
});
