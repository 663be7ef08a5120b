import { gzipSync } from 'node:zlib';
import { type ProblemCode, problemStatus } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from './raw-client.ts';
import { readRequestCounts, toGrowth } from './request-counts.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ origins: ['https://acme.com'] });
});
afterAll(() => server.close());

const event = { event: 'x', anonymous_id: 'a' };
const basic = (key: string) => `Authorization: Basic ${btoa(`${key}:`)}`;

interface Sent {
  readonly lines: readonly string[];
  readonly query?: string;
  readonly body?: object;
}

/** Sends an event; gives the problem's code, or 202, with the answer's request id, once what was stored and counted agrees with it. */
async function send(path: string, { lines, query = '', body = event }: Sent) {
  const before = await readRequestCounts(server.url);
  const text = JSON.stringify(body);
  const head = [`POST ${path}${query} HTTP/1.1`, 'Host: h', `Content-Length: ${text.length}`, 'Connection: close'];
  const [answer] = await sendRaw(server.port, [...head, ...lines, '', text].join('\r\n'));
  const isTaken = answer?.status === 202 || answer?.status === 200;
  const code: ProblemCode | 'taken' = isTaken ? 'taken' : JSON.parse(answer?.body ?? '{}').error.code;
  if (code !== 'taken') expect(answer?.status).toBe(problemStatus[code]);
  expect(await server.takeRecords()).toHaveLength(isTaken ? 1 : 0);
  const counted = isTaken ? {} : { [`${answer?.status} ${code}`]: 1 };
  await expect
    .poll(async () => ({ ...toGrowth(before, await readRequestCounts(server.url)), '202 ok': undefined }), {
      timeout: 20_000,
    })
    .toEqual(counted);
  return { code, requestId: answer?.headers['x-request-id'] };
}

describe.each([
  ['/api/v1/events', 'api_key', event],
  ['/v1/track', 'writeKey', { event: 'x', userId: 'u' }],
])('keys in several places of %s', (path, field, body) => {
  const places: [string, (key: string) => Partial<Sent>][] = [
    ['Bearer', (key) => ({ lines: [`Authorization: Bearer ${key}`] })],
    ['Basic', (key) => ({ lines: [basic(key)] })],
    ['X-API-Key', (key) => ({ lines: [`X-API-Key: ${key}`] })],
    ['the query', (key) => ({ query: `?api_key=${key}` })],
    ['?token=', (key) => ({ query: `?token=${key}` })],
    ['the body', (key) => ({ body: { ...body, [field]: key } })],
  ];
  const pairs = places.flatMap(([one, toOne], n) =>
    places.slice(n + 1).map(([other, toOther]) => [one, other, toOne, toOther] as const),
  );
  const join = (one: Partial<Sent>, other: Partial<Sent>): Sent => ({
    lines: [...(one.lines ?? []), ...(other.lines ?? [])],
    query: `${one.query ?? ''}${one.query ? (other.query ?? '').replace('?', '&') : (other.query ?? '')}`,
    body: { ...body, ...one.body, ...other.body },
  });

  it.each(pairs)('%s and %s: refused where they differ, taken where they are the same', async (_1, _2, one, other) => {
    const { pub, srv } = server.keys;
    expect(await send(path, join(one(srv), other(pub)))).toMatchObject({ code: 'invalid_parameter' });
    expect(await send(path, join(one(srv), other(srv)))).toMatchObject({ code: 'taken' });
  });

  it('three that differ are refused', async () => {
    const { pub, srv, other } = server.keys;
    const lines = [`Authorization: Bearer ${srv}`, `X-API-Key: ${other}`];
    expect(await send(path, { lines, body: { ...body, [field]: pub } })).toMatchObject({ code: 'invalid_parameter' });
  });
});

describe('a header that comes twice', () => {
  const key = () => `X-API-Key: ${server.keys.srv}`;
  const cases: [string, () => string[], ProblemCode | 'taken'][] = [
    [
      'Authorization, two keys',
      () => [`Authorization: Bearer ${server.keys.srv}`, `Authorization: Bearer ${server.keys.pub}`],
      'invalid_parameter',
    ],
    ['Authorization, one key', () => [basic(server.keys.srv), basic(server.keys.srv)], 'taken'],
    ['X-API-Key, two keys', () => [key(), `X-API-Key: ${server.keys.pub}`], 'invalid_parameter'],
    ['X-API-Key, one key', () => [key(), key()], 'taken'],
    [
      'X-PX-Project-ID',
      () => [key(), `X-PX-Project-ID: ${server.projectId}`, 'X-PX-Project-ID: x'],
      'project_mismatch',
    ],
    [
      'Content-Type',
      () => [key(), 'Content-Type: application/json', 'Content-Type: text/html'],
      'unsupported_media_type',
    ],
    ['Content-Encoding', () => [key(), 'Content-Encoding: gzip', 'Content-Encoding: gzip'], 'unsupported_encoding'],
    ['Content-Encoding in one line', () => [key(), 'Content-Encoding: gzip, gzip'], 'unsupported_encoding'],
    [
      'X-Event-Schema-Version',
      () => [key(), 'X-Event-Schema-Version: 1.0.0', 'X-Event-Schema-Version: 1.0.0'],
      'invalid_schema_version',
    ],
    [
      'Origin, one that is allowed and one that is not',
      () => [`X-API-Key: ${server.keys.pub}`, 'Origin: https://acme.com', 'Origin: https://evil.example'],
      'origin_not_allowed',
    ],
    ['Origin: null', () => [`X-API-Key: ${server.keys.pub}`, 'Origin: null'], 'origin_not_allowed'],
    ['User-Agent', () => [key(), 'User-Agent: One', 'User-Agent: Two'], 'taken'],
  ];
  it.each(cases)('%s', async (_name, toLines, code) => {
    expect(await send('/api/v1/events', { lines: toLines() })).toMatchObject({ code });
  });

  it('X-Request-ID: neither is taken over', async () => {
    const lines = [key(), 'X-Request-ID: one', 'X-Request-ID: two'];
    expect((await send('/api/v1/events', { lines })).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a parameter of the query, too', async () => {
    const { pub, srv } = server.keys;
    const query = (second: string) => ({ lines: [], query: `?api_key=${srv}&api_key=${second}` });
    expect(await send('/api/v1/events', query(pub))).toMatchObject({ code: 'invalid_parameter' });
    expect(await send('/api/v1/events', query(srv))).toMatchObject({ code: 'taken' });
  });

  it('opens neither the admin API nor the metrics', async () => {
    const twice = { authorization: 'Bearer admin-token-of-the-tests, Bearer admin-token-of-the-tests' };
    expect((await fetch(`${server.url}/admin/v1/tenants`, { headers: twice })).status).toBe(401);
  });
});

it('gzip inside gzip is not undone twice', async () => {
  const body = new Uint8Array(gzipSync(gzipSync(JSON.stringify(event))));
  const headers = { 'x-api-key': server.keys.srv, 'content-encoding': 'gzip' };
  const answer = await fetch(`${server.url}/api/v1/events`, { method: 'POST', body, headers });
  expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_json' } }]);
  expect(await server.takeRecords()).toEqual([]);
});
