import { afterEach, expect, it } from 'vitest';
import { adminToken, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
afterEach(() => server.close());

const cacheMs = 5_000;
const hourMs = 60 * 60 * 1_000;

async function admin(path: string, body: object = {}, method = 'POST'): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/admin/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return JSON.parse(await answer.text());
}
const makeKey = (body: object) => admin(`/projects/${server.projectId}/keys`, body);

/** Sends an event; gives 202, or the problem's code, and the rates that the answer tells. */
async function send(key: string | undefined, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: '{"event":"x","anonymous_id":"a"}',
  });
  const body = JSON.parse(await response.text());
  const rates = response.headers.get('ratelimit-policy');
  return { outcome: response.status === 202 ? 202 : body.error.code, rates };
}

it('a key that is rotated is taken for the overlap beside its heir, and not a moment longer', async () => {
  server = await startTestServer();
  const old = await makeKey({ kind: 'srv', name: 'backend', scopes: ['events:write'] });
  expect(await send(old['key'])).toMatchObject({ outcome: 202 });
  const heir = await admin(`/keys/${old['key_id']}/rotate`, { overlap_ms: hourMs });
  const rotatedAt = server.now;
  for (const passed of [0, cacheMs, hourMs - 1]) {
    server.now = rotatedAt + passed;
    for (const key of [old['key'], heir['key']]) expect(await send(key)).toMatchObject({ outcome: 202 });
  }
  server.now = rotatedAt + hourMs;
  expect(await send(old['key'])).toMatchObject({ outcome: 'expired_key' });
  expect(await send(heir['key'])).toMatchObject({ outcome: 202 });
});

it('a key that is rotated without an overlap is refused within 5 s, as one that is revoked', async () => {
  server = await startTestServer();
  const rotated = await makeKey({ kind: 'srv', name: 'one' });
  const revoked = await makeKey({ kind: 'pub', name: 'two' });
  for (const { key } of [rotated, revoked]) expect(await send(key)).toMatchObject({ outcome: 202 });
  await admin(`/keys/${rotated['key_id']}/rotate`, { overlap_ms: 0 });
  await admin(`/keys/${revoked['key_id']}/revoke`);
  server.now += cacheMs;
  expect(await send(rotated['key'])).toMatchObject({ outcome: 'expired_key' });
  expect(await send(revoked['key'])).toMatchObject({ outcome: 'revoked_key' });
});

it('what is changed of a project, its tenant and a key is in force within 5 s, on records and in answers', async () => {
  server = await startTestServer();
  const { key, key_id } = await makeKey({ kind: 'pub' });
  const origin = { origin: 'https://other.example' };
  expect(await send(key, origin)).toEqual({ outcome: 202, rates: null });
  const settings = { payment_hosts: ['pay.example'], cookieless_visitors: true };
  const change = { ip_policy: 'keep', retention_days: 5, settings };
  await admin(`/projects/${server.projectId}`, change, 'PATCH');
  await admin('/tenants/acme', { tier: 'pro' }, 'PATCH');
  server.now += cacheMs;
  expect(await send(key, origin)).toEqual({ outcome: 202, rates: '1000;w=60' });
  await admin(`/keys/${key_id}`, { rate_per_minute: 7 }, 'PATCH');
  await admin(
    `/projects/${server.projectId}`,
    { settings: { payment_hosts: null, cookieless_visitors: null } },
    'PATCH',
  );
  server.now += cacheMs;
  expect(await send(key, origin)).toEqual({ outcome: 202, rates: '7;w=60' });
  const [before, after, last] = (await server.takeRecords()).sort((one, other) => one.received_at - other.received_at);
  expect(before).not.toHaveProperty('settings');
  expect(after).toMatchObject(change);
  expect(last).toMatchObject({ ip_policy: 'keep', retention_days: 5 });
  expect(last).not.toHaveProperty('settings');
  await admin(`/projects/${server.projectId}`, { origins: ['https://acme.com'] }, 'PATCH');
  server.now += cacheMs;
  expect(await send(key, origin)).toMatchObject({ outcome: 'origin_not_allowed' });
});

it('a key expires at its instant, though it was used a moment before', async () => {
  server = await startTestServer();
  const { key } = await makeKey({ kind: 'srv', expires_in_ms: 10_000 });
  server.now += 9_999;
  expect(await send(key)).toMatchObject({ outcome: 202 });
  server.now += 1;
  expect(await send(key)).toMatchObject({ outcome: 'expired_key' });
});

it('the last use of a key is told, of a refused one it is not', async () => {
  server = await startTestServer();
  const [used, refused] = [
    await makeKey({ kind: 'srv', name: 'used' }),
    await makeKey({ kind: 'srv', name: 'refused', scopes: ['query:read'] }),
  ];
  server.now += 1_234;
  expect(await send(used['key'])).toMatchObject({ outcome: 202 });
  expect(await send(refused['key'])).toMatchObject({ outcome: 'missing_scope' });
  const { control, projectId } = server;
  const usedAt = new Date(server.now);
  await server.close();
  const keys = await control.listKeys(projectId);
  expect(keys.find(({ id }) => id === used['key_id'])?.last_used_at).toEqual(usedAt);
  expect(keys.find(({ id }) => id === refused['key_id'])?.last_used_at).toBeNull();
  server = await startTestServer();
});

it('a key bound to an origin and to a wildcard is taken from pages of both', async () => {
  server = await startTestServer({ origins: ['https://acme.com', 'https://*.acme.com:8443'] });
  const outcomes: Record<string, unknown> = {};
  for (const origin of [
    'https://acme.com',
    'https://shop.acme.com:8443',
    'https://a.b.acme.com:8443',
    'https://acme.com:8443',
    'https://shop.acme.com',
    'http://acme.com',
    'https://evil-acme.com:8443',
    'https://acme.com.evil.example',
  ]) {
    outcomes[origin] = (await send(server.keys.pub, { origin })).outcome;
  }
  expect(outcomes).toEqual({
    'https://acme.com': 202,
    'https://shop.acme.com:8443': 202,
    'https://a.b.acme.com:8443': 202,
    'https://acme.com:8443': 'origin_not_allowed',
    'https://shop.acme.com': 'origin_not_allowed',
    'http://acme.com': 'origin_not_allowed',
    'https://evil-acme.com:8443': 'origin_not_allowed',
    'https://acme.com.evil.example': 'origin_not_allowed',
  });
});

it.each([
  ['free', {}, '100;w=60'],
  ['pro', {}, '1000;w=60'],
  ['enterprise', {}, null],
  ['free', { rate_per_minute: 7 }, '7;w=60'],
  ['free', { rate_per_minute: 5_000 }, '5000;w=60'],
  ['enterprise', { rate_per_minute: 7 }, '7;w=60'],
] as const)('the tier %s with %j holds a key to %s', async (tier, own, rates) => {
  server = await startTestServer({ tier });
  const { key } = await makeKey({ kind: 'srv', ...own });
  expect(await send(key)).toEqual({ outcome: 202, rates });
});
