import type { Scope } from '@px-platform/control';
import type { EventLog } from '@px-platform/log';
import { AppError } from '@px-platform/runtime';
import { keyLimits, type ProblemCode, problemStatus } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRequestCounts, toGrowth } from './request-counts.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** Each route that takes events, with a body that it takes and one that it does not. */
const routes = [
  { path: '/api/v1/events', ok: 202, good: { event: 'x', user_id: 'u' }, bad: { event: 7 }, code: 'invalid_body' },
  {
    path: '/api/v1/events/batch',
    ok: 202,
    good: { events: [{ event: 'x', user_id: 'u' }] },
    bad: [],
    code: 'invalid_body',
  },
  { path: '/api/v1/identify', ok: 202, good: { user_id: 'u' }, bad: { traits: {} }, code: 'invalid_body' },
  {
    path: '/api/v1/group',
    ok: 202,
    good: { user_id: 'u', group_id: 'g' },
    bad: { user_id: 'u' },
    code: 'invalid_body',
  },
  {
    path: '/api/v1/alias',
    ok: 202,
    good: { user_id: 'u', previous_id: 'a' },
    bad: { user_id: 'u' },
    code: 'invalid_body',
  },
  { path: '/api/v1/page', ok: 202, good: { anonymous_id: 'a' }, bad: {}, code: 'invalid_body' },
  { path: '/v1/track', ok: 200, good: { event: 'x', userId: 'u' }, bad: { event: 'x' }, code: 'nothing_accepted' },
  { path: '/v1/page', ok: 200, good: { userId: 'u' }, bad: {}, code: 'nothing_accepted' },
  { path: '/v1/screen', ok: 200, good: { userId: 'u' }, bad: {}, code: 'nothing_accepted' },
  { path: '/v1/identify', ok: 200, good: { userId: 'u' }, bad: {}, code: 'nothing_accepted' },
  { path: '/v1/group', ok: 200, good: { userId: 'u', groupId: 'g' }, bad: { userId: 'u' }, code: 'nothing_accepted' },
  {
    path: '/v1/alias',
    ok: 200,
    good: { userId: 'u', previousId: 'a' },
    bad: { userId: 'u' },
    code: 'nothing_accepted',
  },
  { path: '/v1/batch', ok: 200, good: { batch: [{ type: 'page', userId: 'u' }] }, bad: {}, code: 'invalid_body' },
] as const;

const audit = { actor: { id: 'u', type: 'user' }, action: { name: 'x' }, resource: { type: 't', id: '1' } };
/** No page may ask these: they have no CORS, and want a scope of their own. */
const auditRoutes = [
  { path: '/v1/events', ok: 202, good: audit, bad: { ...audit, actor: {} }, code: 'invalid_body' },
  { path: '/v1/events/batch', ok: 202, good: { events: [audit] }, bad: [], code: 'invalid_body' },
] as const;

const pageOrigin = 'https://acme.com';
let server: TestServer;
let logFailure: Error | null = null;
let auditKey = '';
const keys = { revoked: '', expired: '', spent: '' };
const breakable = (log: EventLog): EventLog => ({
  ...log,
  append: (records) => (logFailure === null ? log.append(records) : Promise.reject(logFailure)),
});
const now = Date.UTC(2026, 0, 15, 12);
beforeAll(async () => {
  server = await startTestServer({
    origins: [pageOrigin],
    wrapLog: breakable,
    wrapAuditLog: breakable,
  });
  const scopes: Scope[] = ['events:write', 'audit:write'];
  auditKey = (await server.makeKey({ kind: 'srv', scopes })).secret;
  const revoked = await server.makeKey({ kind: 'srv', scopes });
  await server.control.revokeKey(revoked.id, new Date(now));
  keys.revoked = revoked.secret;
  const expiresAt = new Date(now - 1);
  keys.expired = (await server.makeKey({ kind: 'srv', scopes, expiresAt })).secret;
  keys.spent = (await server.makeKey({ kind: 'srv', scopes, ratePerMinute: 1 })).secret;
  await send(routes[0].path, JSON.stringify(routes[0].good), keys.spent);
  await server.takeRecords();
});
afterAll(() => server.close());

function send(path: string, body: string | Uint8Array<ArrayBuffer>, key: string, headers: Record<string, string> = {}) {
  const all = { origin: pageOrigin, 'x-api-key': key, 'content-type': 'application/json', ...headers };
  return fetch(server.url + path, {
    method: 'POST',
    body,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
  });
}

const isForPages = (path: string) => !auditRoutes.some((route) => path === route.path);

/** An answer of this code, in the one shape, for any page to read; nothing is stored, and one more is counted. */
async function demand(path: string, code: ProblemCode, ask: () => Promise<Response>) {
  const before = await readRequestCounts(server.url);
  const response = await ask();
  const body = JSON.parse(await response.text());
  expect([path, body.error.code, response.status]).toEqual([path, code, problemStatus[code]]);
  expect(body.error).toMatchObject({
    message: expect.stringMatching(/^.{10,}/),
    request_id: response.headers.get('x-request-id'),
  });
  expect(Object.keys(body)).toEqual(['error']);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('x-powered-by')).toBeNull();
  expect(response.headers.get('access-control-allow-origin')).toBe(
    code === 'not_found' || !isForPages(path) ? null : '*',
  );
  expect(response.headers.get('retry-after')).toEqual(
    code === 'rate_limited' || code === 'not_durable' ? expect.stringMatching(/^[1-9]\d*$/) : null,
  );
  expect([await server.takeRecords(), await server.takeAuditRecords()]).toEqual([[], []]);
  await expect
    .poll(async () => toGrowth(before, await readRequestCounts(server.url)), { timeout: 20_000 })
    .toEqual({ [`${response.status} ${code}`]: 1 });
  return response;
}

describe.each([...routes, ...auditRoutes])('POST $path', ({ path, ok, good, bad, code }) => {
  const text = JSON.stringify(good);
  const srv = () => auditKey;

  it(`takes an event: ${ok}, with a row to come of it`, async () => {
    const response = await send(path, text, srv());
    expect(response.status).toBe(ok);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('access-control-allow-origin')).toBe(isForPages(path) ? '*' : null);
    await response.text();
    expect(await server.takeRecords()).toHaveLength(isForPages(path) ? 1 : 0);
    expect(await server.takeAuditRecords()).toHaveLength(isForPages(path) ? 0 : 1);
  });

  const big = ' '.repeat(keyLimits.srv.maxBodyBytes + 1);
  const refusals: [ProblemCode, () => Promise<Response>][] = [
    ['invalid_json', () => send(path, '{', srv())],
    [code, () => send(path, JSON.stringify(bad), srv())],
    ['invalid_encoding', () => send(path, text, srv(), { 'content-encoding': 'gzip' })],
    ['invalid_schema_version', () => send(path, text, srv(), { 'x-event-schema-version': 'x' })],
    ['missing_key', () => send(path, text, '')],
    ['malformed_key', () => send(path, text, 'px_srv_live_x')],
    ['unknown_key', () => send(path, text, 'px_pub_live_P76bslECrz1Ub1dzAbX6e414qARqLK1DAYwX')],
    ['revoked_key', () => send(path, text, keys.revoked)],
    ['expired_key', () => send(path, text, keys.expired)],
    ['missing_scope', () => send(path, text, server.keys.reading)],
    ['project_mismatch', () => send(path, text, srv(), { 'x-px-project-id': 'prj_x' })],
    [
      isForPages(path) ? 'origin_not_allowed' : 'missing_scope',
      () => send(path, text, server.keys.pub, { origin: 'https://evil.example' }),
    ],
    ['body_too_large', () => send(path, big, srv())],
    ['unsupported_media_type', () => send(path, text, srv(), { 'content-type': 'text/html' })],
    ['unsupported_encoding', () => send(path, text, srv(), { 'content-encoding': 'br' })],
    ['rate_limited', () => send(path, text, keys.spent)],
    ['not_found', () => send(`${path}/more`, text, srv())],
    ['method_not_allowed', () => fetch(server.url + path, { method: 'PUT', body: text })],
  ];
  it.each(refusals)('%s', async (problem, ask) => {
    const response = await demand(path, problem, ask);
    expect(response.headers.get('allow')).toBe(problem === 'method_not_allowed' ? 'POST' : null);
  });

  it.each([
    ['not_durable', new AppError('log_full', 'full')],
    ['not_durable', new AppError('log_unavailable', 'away')],
    ['body_too_large', new AppError('log_refused_records', 'too large for the broker')],
    ['internal', new TypeError('a bug')],
  ] as const)('%s where the log has %s', async (problem, failure) => {
    logFailure = failure;
    await demand(path, problem, () => send(path, text, srv())).finally(() => {
      logFailure = null;
    });
  });
});

describe.each([...routes.map(({ path }) => path), '/api/v1/events/queue/status'])('a preflight of %s', (path) => {
  const ask = (headers: Record<string, string>) => fetch(server.url + path, { method: 'OPTIONS', headers });
  const preflights: [string, Record<string, string>][] = [
    ['of a page', { origin: pageOrigin, 'access-control-request-method': 'POST' }],
    ['of no origin', { 'access-control-request-method': 'POST' }],
    ['of the origin null', { origin: 'null', 'access-control-request-method': 'POST' }],
    ['with nothing asked', { origin: pageOrigin }],
    ['of an unknown method', { origin: pageOrigin, 'access-control-request-method': 'BREW' }],
    ['of 500 headers', { origin: pageOrigin, 'access-control-request-headers': Array(500).fill('x-odd').join(',') }],
    ['of headers that are none', { origin: pageOrigin, 'access-control-request-headers': ',,*, <b>' }],
    [
      'from a public page to a private network',
      { origin: pageOrigin, 'access-control-request-private-network': 'true' },
    ],
  ];
  it.each(preflights)('%s is answered alike', async (_name, headers) => {
    const response = await ask({ ...headers, 'x-request-id': 'preflight-1' });
    expect([response.status, await response.text()]).toEqual([204, '']);
    const answered = Object.fromEntries([...response.headers].filter(([name]) => /^access-|^x-req/.test(name)));
    expect(answered).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': expect.stringMatching(/^content-type, .*authorization, x-api-key/),
      'access-control-expose-headers': 'Retry-After, X-Request-ID',
      'access-control-max-age': '86400',
      'x-request-id': 'preflight-1',
    });
  });
});

describe('routes that read', () => {
  it.each(['/api/v1/query', '/api/v1/export/events', '/api/v1/live', '/admin/v1/tenants', '/metrics', '/health'])(
    'let no page of another origin read %s',
    async (path) => {
      for (const method of ['OPTIONS', 'GET']) {
        const response = await fetch(server.url + path, { method, headers: { origin: pageOrigin } });
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
        await response.text();
      }
    },
  );
});

describe('the origin null, of a sandboxed frame or a file', () => {
  const body = JSON.stringify({ event: 'x', user_id: 'u' });

  it('may not use a key that is bound to origins, and may use one that is not', async () => {
    await demand('/api/v1/events', 'origin_not_allowed', () =>
      send('/api/v1/events', body, server.keys.pub, { origin: 'null' }),
    );
    const open = await startTestServer();
    const headers = { origin: 'null', 'x-api-key': open.keys.pub };
    const answer = await fetch(`${open.url}/api/v1/events`, { method: 'POST', body, headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([202, '*']);
    expect(await open.takeRecords()).toHaveLength(1);
    await open.close();
  });
});
