import { setTimeout as delay } from 'node:timers/promises';
import { parseSecret, toSecretSha256 } from '@px-platform/control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AdminServer, adminToken, startAdminServer, tokenSecret } from '../../test/admin-server.ts';
import { verifyReadToken } from '../auth/read-token.ts';

let server: AdminServer;
beforeAll(async () => {
  server = await startAdminServer();
});
beforeEach(() => {
  server.now = Date.UTC(2026, 0, 1);
});
afterAll(() => server.close());

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
const get = (path: string) => send('GET', path);
const patch = (path: string, body?: unknown) => send('PATCH', path, body);
const post = (path: string, body?: unknown, headers?: Record<string, string>) => send('POST', path, body, headers);

let projects = 0;
async function createProject(): Promise<string> {
  await post('/tenants', { slug: 'acme' });
  const { body } = await post('/projects', { tenant: 'acme', name: `Project ${++projects}` });
  return body.project_id;
}

describe('the admin token', () => {
  it.each([
    ['none', {}, 'missing_key'],
    ['another', { authorization: 'Bearer wrong' }, 'invalid_token'],
    ['a longer one', { authorization: `Bearer ${adminToken}x` }, 'invalid_token'],
    ['it as Basic', { authorization: `Basic ${btoa(`${adminToken}:`)}` }, 'missing_key'],
    ['it as X-API-Key', { 'x-api-key': adminToken }, 'missing_key'],
  ])('refuses %s with 401, on every path', async (_name, headers, code) => {
    for (const path of ['/tenants', '/nowhere']) {
      const response = await fetch(`${server.url}/admin/v1${path}`, { headers: { ...headers } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code, request_id: expect.stringMatching(/^request-/) } });
    }
  });
});

describe('tenants', () => {
  it('are made once, with 201 and then 200', async () => {
    const first = await post('/tenants', { slug: 'made-once', tier: 'pro' });
    expect(first).toMatchObject({ status: 201, body: { created: true, slug: 'made-once', tier: 'pro' } });
    const again = await post('/tenants', { slug: 'made-once', tier: 'free' });
    expect(again).toMatchObject({ status: 200, body: { ...first.body, created: false } });
    expect((await get('/tenants')).body.tenants).toContainEqual({
      tenant_id: first.body.tenant_id,
      slug: 'made-once',
      tier: 'pro',
      created_at: '2026-01-01T00:00:00.000Z',
    });
  });

  it.each([{}, { slug: 'Acme' }, { slug: '-a' }, { slug: 'a'.repeat(64) }, { slug: 'a', tier: 'gold' }, [], null, 'a'])(
    'refuses %j',
    async (body) => {
      const answer = await post('/tenants', JSON.stringify(body));
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_body' } } });
    },
  );
});

describe('a change of a tenant', () => {
  it('sets its tier, by slug and by id', async () => {
    const { created: _created, ...tenant } = (await post('/tenants', { slug: 'to-change' })).body;
    const changed = await patch('/tenants/to-change', { tier: 'pro' });
    expect(changed).toMatchObject({ status: 200, body: { ...tenant, tier: 'pro' } });
    expect(await patch(`/tenants/${tenant.tenant_id}`, { tier: 'enterprise' })).toMatchObject({ status: 200 });
    expect((await get('/tenants')).body.tenants).toContainEqual({ ...tenant, tier: 'enterprise' });
    expect(await patch('/tenants/nobody', { tier: 'pro' })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: expect.stringContaining('nobody') } },
    });
  });

  it.each([{}, { tier: 'gold' }, { tier: null }, { tier: 'pro', slug: 'other' }])('refuses %j', async (body) => {
    expect(await patch('/tenants/acme', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_body' } },
    });
  });
});

describe('a change of a project', () => {
  it('sets what is named, settings one by one', async () => {
    await post('/tenants', { slug: 'acme' });
    const settings = { internal_hosts: ['Shop.Acme.com'], denied_properties: ['email'] };
    const made = await post('/projects', { tenant: 'acme', name: 'To change', settings });
    expect(made.body.settings).toEqual({ internal_hosts: ['shop.acme.com'], denied_properties: ['email'] });
    const { created: _created, ...before } = made.body;
    const path = `/projects/${before.project_id}`;
    expect(await patch(path, { origins: ['https://Acme.com/', 'https://acme.com'], retention_days: 7 })).toMatchObject({
      status: 200,
      body: { ...before, origins: ['https://acme.com'], retention_days: 7 },
    });
    const change = { ip_policy: 'keep', settings: { denied_properties: null, cookieless_visitors: true } };
    const last = await patch(path, change);
    expect(last.body).toEqual({
      ...before,
      origins: ['https://acme.com'],
      retention_days: 7,
      ip_policy: 'keep',
      settings: { internal_hosts: ['shop.acme.com'], cookieless_visitors: true },
    });
    expect((await get('/projects')).body.projects).toContainEqual(last.body);
    expect(await patch('/projects/prj_none', change)).toMatchObject({ status: 404 });
  });

  it.each([
    [{}, ''],
    [{ retention_days: 5, name: 'Other' }, ''],
    [{ retention_days: 0 }, 'retention_days'],
    [{ ip_policy: null }, 'ip_policy'],
    [{ origins: ['acme.com'] }, 'origins.0'],
    [{ settings: { internal_hosts: ['https://acme.com'] } }, 'settings.internal_hosts.0'],
    [{ settings: { denied: [] } }, 'settings'],
    [{ settings: null }, 'settings'],
  ])('refuses %j', async (body, path) => {
    expect(await patch(`/projects/${await createProject()}`, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_body', details: { issues: [{ path }] } } },
    });
  });

  it('refuses settings that are more than a record should carry, and changes nothing then', async () => {
    const long = (from: number) => Array.from({ length: 25 }, (_, n) => `${from + n}`.padEnd(190, 'x'));
    const wrong = { status: 400, body: { error: { details: { issues: [{ path: 'settings' }] } } } };
    const all = { denied_properties: [...long(100), ...long(200)] };
    expect(await post('/projects', { tenant: 'acme', name: 'Much', settings: all })).toMatchObject(wrong);
    const path = `/projects/${await createProject()}`;
    expect(await patch(path, { settings: { denied_properties: long(100) } })).toMatchObject({ status: 200 });
    const hosts = long(300).map((text) => `${text.slice(0, 60)}.${text.slice(60, 120)}.${text.slice(0, 60)}.com`);
    expect(await patch(path, { retention_days: 5, settings: { payment_hosts: hosts } })).toMatchObject(wrong);
    expect(await server.control.findProject(path.slice(10))).toMatchObject({
      retention_days: 395,
      settings: { denied_properties: long(100) },
    });
  });
});

describe('projects', () => {
  it('are made once by name, with their origins in one form', async () => {
    await post('/tenants', { slug: 'acme' });
    const origins = ['https://Acme.com/', 'https://*.acme.com', 'https://acme.com'];
    const first = await post('/projects', { tenant: 'acme', name: ' Acme Web ', origins });
    expect(first).toMatchObject({
      status: 201,
      body: {
        created: true,
        name: 'Acme Web',
        origins: ['https://acme.com', 'https://*.acme.com'],
        ip_policy: 'drop',
        retention_days: 395,
      },
    });
    const again = await post('/projects', { tenant: first.body.tenant_id, name: 'Acme Web' });
    expect(again).toMatchObject({ status: 200, body: { ...first.body, created: false } });
  });

  it('are listed for a tenant or for all', async () => {
    const id = await createProject();
    await post('/tenants', { slug: 'other' });
    const other = (await post('/projects', { tenant: 'other', name: 'Web' })).body.project_id;
    const ids = async (query: string) =>
      (await get(`/projects${query}`)).body.projects.map((one: { project_id: string }) => one.project_id);
    expect(await ids('?tenant=other')).toEqual([other]);
    expect(await ids('')).toEqual(expect.arrayContaining([id, other]));
    expect(await get('/projects?tenant=nobody')).toMatchObject({ status: 404 });
  });

  it('refuses an unknown tenant and what is no origin', async () => {
    expect(await post('/projects', { tenant: 'nobody', name: 'Web' })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: expect.stringContaining('nobody') } },
    });
    expect(await post('/projects', { tenant: 'acme', name: 'X', origins: ['acme.com'] })).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_body', details: { issues: [{ path: 'origins.0' }] } } },
    });
  });
});

describe('keys', () => {
  it('are made with a secret that is shown once and stored as its hash', async () => {
    const project = await createProject();
    const first = await post(`/projects/${project}/keys`, { kind: 'srv', name: 'backend' });
    expect(first).toMatchObject({
      status: 201,
      body: { created: true, kind: 'srv', mode: 'live', scopes: ['events:write', 'audit:write', 'query:read'] },
    });
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(parseSecret(first.body.key)).toMatchObject({ kind: 'srv', mode: 'live', prefix: first.body.prefix });
    expect((await server.control.findGrant(toSecretSha256(first.body.key)))?.key.id).toBe(first.body.key_id);

    const again = await post(`/projects/${project}/keys`, { kind: 'srv', name: 'backend' });
    const { key: secret, ...rest } = first.body;
    expect(again).toMatchObject({ status: 200, body: { ...rest, created: false } });
    expect(again.body).not.toHaveProperty('key');
    expect(JSON.stringify((await get(`/projects/${project}/keys`)).body)).not.toContain(secret);
  });

  it('are another where more than the time of expiry differs', async () => {
    const path = `/projects/${await createProject()}/keys`;
    const asked = [
      { kind: 'srv' },
      { kind: 'pub' },
      { kind: 'srv', mode: 'test' },
      { kind: 'srv', name: 'other' },
      { kind: 'srv', scopes: ['query:read'] },
      { kind: 'srv', rate_per_minute: 60 },
      { kind: 'srv', expires_in_ms: 60_000 },
    ];
    for (const body of asked) expect(await post(path, body)).toMatchObject({ status: 201 });
    for (const body of asked) expect(await post(path, body)).toMatchObject({ status: 200 });
    expect(await post(path, { kind: 'srv', expires_in_ms: 90_000 })).toMatchObject({ status: 200 });
    server.now += 60_000;
    expect(await post(path, { kind: 'srv', expires_in_ms: 90_000 })).toMatchObject({
      status: 201,
      body: { expires_at: new Date(server.now + 90_000).toISOString() },
    });
  });

  it('are made once for callers at the same time, though the store is slow', async () => {
    const slow = await startAdminServer((control) => ({
      ...control,
      async listKeys(projectId) {
        const keys = await control.listKeys(projectId);
        await delay(20);
        return keys;
      },
    }));
    const tenant = (await slow.control.createTenant({ slug: 'acme', tier: 'free' })).value;
    const { value: project } = await slow.control.createProject({
      tenantId: tenant.id,
      name: 'Web',
      origins: [],
      ipPolicy: 'drop',
      retentionDays: 1,
    });
    const requests = Array.from({ length: 5 }, () =>
      fetch(`${slow.url}/admin/v1/projects/${project.id}/keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'pub' }),
      }),
    );
    const statuses = (await Promise.all(requests)).map(({ status }) => status);
    await slow.close();
    expect(statuses.sort()).toEqual([200, 200, 200, 200, 201]);
  });

  it.each([
    [{}, 'kind'],
    [{ kind: 'pub', scopes: ['query:read'] }, 'scopes'],
    [{ kind: 'srv', scopes: [] }, 'scopes'],
    [{ kind: 'srv', scopes: ['everything'] }, 'scopes.0'],
    [{ kind: 'srv', expires_in_ms: 60_000, expires_at: '2030-01-01T00:00:00Z' }, 'expires_at'],
    [{ kind: 'srv', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ kind: 'srv', expires_at: 'tomorrow' }, 'expires_at'],
    [{ kind: 'srv', rate_per_minute: 0 }, 'rate_per_minute'],
    [{ kind: 'srv', colour: 'red' }, ''],
  ])('refuse %j', async (body, path) => {
    expect(await post(`/projects/${await createProject()}/keys`, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_body', details: { issues: [{ path }] } } },
    });
  });

  it('are changed in name and rate', async () => {
    const project = await createProject();
    const { created: _created, key: _key, ...made } = (await post(`/projects/${project}/keys`, { kind: 'srv' })).body;
    const named = await patch(`/keys/${made.key_id}`, { name: ' nightly ', rate_per_minute: 5 });
    expect(named).toMatchObject({ status: 200, body: { ...made, name: 'nightly', rate_per_minute: 5 } });
    expect((await patch(`/keys/${made.key_id}`, { rate_per_minute: null })).body).toEqual({ ...made, name: 'nightly' });
    expect((await get(`/projects/${project}/keys`)).body.keys).toEqual([{ ...made, name: 'nightly' }]);
    expect(await patch('/keys/key_none', { name: 'x' })).toMatchObject({ status: 404 });
    for (const body of [{}, { name: '' }, { name: null }, { rate_per_minute: 0 }, { scopes: ['admin'] }]) {
      expect(await patch(`/keys/${made.key_id}`, body)).toMatchObject({
        status: 400,
        body: { error: { code: 'invalid_body' } },
      });
    }
  });

  it('are revoked, once', async () => {
    const project = await createProject();
    const { key_id } = (await post(`/projects/${project}/keys`, { kind: 'srv' })).body;
    const revoked = await post(`/keys/${key_id}/revoke`);
    expect(revoked).toMatchObject({ status: 200, body: { key_id, revoked_at: '2026-01-01T00:00:00.000Z' } });
    server.now += 1;
    expect((await post(`/keys/${key_id}/revoke`, {})).body).toEqual(revoked.body);
    expect(await post('/keys/key_none/revoke')).toMatchObject({ status: 404 });
    expect(await post(`/projects/${project}/keys`, { kind: 'srv' })).toMatchObject({ status: 201 });
  });

  it('are rotated: the new one like the old, which lives on for the overlap', async () => {
    const project = await createProject();
    const asked = { kind: 'srv', name: 'backend', scopes: ['query:read'], rate_per_minute: 5, expires_in_ms: 100_000 };
    const old = (await post(`/projects/${project}/keys`, asked)).body;
    server.now += 30_000;
    const rotated = await post(`/keys/${old.key_id}/rotate`, { overlap_ms: 10_000 });
    const { key, key_id, prefix, created_at, expires_at, ...same } = rotated.body;
    expect(rotated.status).toBe(201);
    expect(old).toMatchObject({ name: same.name, scopes: same.scopes, rate_per_minute: same.rate_per_minute });
    expect(same).toMatchObject({
      rotated_key_id: old.key_id,
      rotated_until: new Date(server.now + 10_000).toISOString(),
    });
    expect(expires_at).toBe(new Date(server.now + 100_000).toISOString());
    expect(parseSecret(key)?.prefix).toBe(prefix);
    expect(key_id).not.toBe(old.key_id);
    expect((await server.control.findKey(old.key_id))?.expires_at).toEqual(new Date(server.now + 10_000));
  });

  it('are not rotated beyond their own end, nor once they have ended', async () => {
    const project = await createProject();
    const old = (await post(`/projects/${project}/keys`, { kind: 'srv', expires_in_ms: 5_000 })).body;
    expect((await post(`/keys/${old.key_id}/rotate`)).body.rotated_until).toBe(old.expires_at);
    server.now += 5_000;
    expect(await post(`/keys/${old.key_id}/rotate`)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict' } },
    });
    expect(await post('/keys/key_none/rotate')).toMatchObject({ status: 404 });
  });

  it('belong to a project that is there', async () => {
    expect(await post('/projects/prj_none/keys', { kind: 'srv' })).toMatchObject({ status: 404 });
    expect(await get('/projects/prj_none/keys')).toMatchObject({ status: 404 });
    // Postgres holds no NUL and would refuse to look for one.
    expect((await get('/projects/%00/keys')).body.error.message).toContain('\uFFFD');
  });
});

describe('read tokens', () => {
  it('are made for a project, for 15 minutes unless told', async () => {
    const project = await createProject();
    const { status, body } = await post(`/projects/${project}/read-tokens`);
    expect(status).toBe(201);
    expect(verifyReadToken(tokenSecret, body.token, server.now)).toEqual({
      projectId: project,
      expiresAt: server.now + 900_000,
    });
    expect(body.expires_at).toBe('2026-01-01T00:15:00.000Z');
    expect(await post(`/projects/${project}/read-tokens`, { expires_in_ms: 86_400_001 })).toMatchObject({
      status: 400,
    });
    expect(await post('/projects/prj_none/read-tokens')).toMatchObject({ status: 404 });
  });
});

describe('dead letters', () => {
  it('are listed for all projects or one', async () => {
    expect((await get('/dead-letters')).body.dead_letters).toHaveLength(2);
    expect((await get('/dead-letters?project_id=prj_2&limit=5')).body.dead_letters).toMatchObject([
      { project_id: 'prj_2', received_at: '2026-01-01T00:00:00.000Z', payload: 'e30=' },
    ]);
    expect(await get('/dead-letters?limit=0')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_parameter' } },
    });
  });
});

describe('bad requests', () => {
  it.each([
    ['not JSON', '{"slug":', {}, 400, 'invalid_json'],
    ['too much', `{"slug":"${'a'.repeat(262_144)}"}`, {}, 413, 'body_too_large'],
    ['another type', 'slug=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['an encoding', '{}', { 'content-encoding': 'gzip' }, 415, 'unsupported_encoding'],
    ['__proto__', '{"slug":"a","__proto__":{"tier":"pro"}}', {}, 400, 'invalid_body'],
  ])('answers %s with a problem', async (_name, body, headers, status, code) => {
    expect(await post('/tenants', body, headers)).toMatchObject({ status, body: { error: { code } } });
  });

  it('answers other paths and methods with problems', async () => {
    expect(await get('/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect(await send('DELETE', '/tenants')).toMatchObject({
      status: 405,
      body: { error: { code: 'method_not_allowed' } },
    });
  });
});
