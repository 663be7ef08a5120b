import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSecret } from '@px-platform/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, adminToken, startAdminServer } from '../../test/admin-server.ts';

const program = join(import.meta.dirname, 'main.ts');
/** Of this process's environment: no setting of PX. The compiled code is half of what a start of the program costs. */
const shared = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
const root = await mkdtemp(join(tmpdir(), 'px-provision-'));
let server: AdminServer;

beforeAll(async () => {
  server = await startAdminServer();
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = root): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...shared, PX_URL: server.url, PX_ADMIN_TOKEN: adminToken, ...env },
  });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, error }));
  });
}

/** Runs with `--json` and demands exit 0 and exactly one line that is one object. */
async function runJson(...args: string[]) {
  const { code, out, error } = await run([...args, '--json']);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toMatch(/^\{.*\}\n$/);
  return JSON.parse(out);
}

describe('provision', () => {
  it('makes a tenant, a project and keys, as the contract spells it', async () => {
    const tenant = await runJson('tenant', 'create', 'acme', '--tier', 'pro');
    expect(tenant).toMatchObject({ created: true, slug: 'acme', tier: 'pro' });
    const project = await runJson('project', 'create', 'Acme Web', '--tenant', 'acme', '--origin', 'https://acme.com');
    expect(project).toMatchObject({ created: true, tenant_id: tenant.tenant_id, origins: ['https://acme.com'] });
    const key = await runJson('key', 'create', '--project', project.project_id, '--kind', 'srv');
    expect(key).toMatchObject({ created: true, project_id: project.project_id, kind: 'srv' });
    expect(parseSecret(key.key)).not.toBeNull();

    expect(await runJson('tenant', 'create', 'acme')).toEqual({ ...tenant, created: false });
    const again = ['project', 'create', 'Acme Web', '--tenant', tenant.tenant_id];
    expect(await runJson(...again)).toEqual({ ...project, created: false });
    const { key: _secret, ...rest } = key;
    expect(await runJson('key', 'create', '--project', project.project_id, '--kind', 'srv')).toEqual({
      ...rest,
      created: false,
    });
  });

  it('changes a tenant, a project and a key', async () => {
    await runJson('tenant', 'create', 'changing');
    const hosts = ['--internal-host', 'shop.acme.com', '--payment-host', 'pay.one.example,pay.two.example'];
    const made = await runJson('project', 'create', 'Web', '--tenant', 'changing', ...hosts);
    expect(made.settings).toEqual({
      internal_hosts: ['shop.acme.com'],
      payment_hosts: ['pay.one.example', 'pay.two.example'],
    });
    const { created: _created, ...before } = made;
    const given = ['--origin', 'https://acme.com', '--retention-days', '30', '--no-internal-host'];
    const set = ['--deny-property', 'email', '--cookieless-visitors', 'on'];
    expect(await runJson('project', 'set', made.project_id, ...given, ...set)).toEqual({
      ...before,
      origins: ['https://acme.com'],
      retention_days: 30,
      settings: {
        payment_hosts: ['pay.one.example', 'pay.two.example'],
        denied_properties: ['email'],
        cookieless_visitors: true,
      },
    });
    expect(await runJson('project', 'set', made.project_id, '--no-origin')).toMatchObject({ origins: [] });
    expect(await runJson('tenant', 'set', 'changing', '--tier', 'pro')).toMatchObject({ tier: 'pro' });
    const key = await runJson('key', 'create', '--project', made.project_id, '--kind', 'pub');
    const named = await runJson('key', 'set', key.key_id, '--name', 'site', '--rate-per-minute', '60');
    expect(named).toMatchObject({ key_id: key.key_id, name: 'site', rate_per_minute: 60 });
    const told = await run(['key', 'set', key.key_id, '--no-rate-per-minute']);
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/^Changed the key site .*tier\n$/) });
    expect(await run(['project', 'set', made.project_id])).toMatchObject({ code: 1, out: '' });
  });

  it('shows who is who, and decides', async () => {
    await runJson('tenant', 'create', 'deciding');
    const { project_id } = await runJson('project', 'create', 'Web', '--tenant', 'deciding');
    const named = { ids: ['anna', 'a/b'], isIdentified: true, identifiedAt: 0, properties: {} };
    server.identity.persons.set(`${project_id} a/b`, { personId: 'anna', ...named });
    server.identity.persons.set(`${project_id} all`, { ...named, personId: null });
    const said = { at: 0, id: 'a/b', userId: 'anna', source: 'identify', outcome: 'joined', eventId: 'e1' } as const;
    server.identity.merges.push(said);
    const of = ['--project', project_id];
    expect(await runJson('person', 'show', 'a/b', ...of)).toMatchObject({ person_id: 'anna' });
    expect(await run(['person', 'show', 'all', ...of])).toMatchObject({
      code: 0,
      out: expect.stringContaining('names nobody'),
    });
    expect(await run(['person', 'show', 'none', ...of])).toMatchObject({ code: 1, out: '' });
    const merges = await run(['person', 'merges', 'a/b', '--limit', '5', ...of]);
    expect(merges.out).toMatch(/^1970\S+ +identify +a\/b +anna +joined\n$/);
    const decided = await runJson('person', 'decide', 'a/b', 'apart', '--note', 'shared', ...of);
    expect(decided).toMatchObject({ id: 'a/b', decision: 'apart', decided_by: 'admin', note: 'shared' });
    expect(server.identity.decisions).toMatchObject([{ projectId: project_id, id: 'a/b', decision: 'apart' }]);
  });

  it('shows a group', async () => {
    await runJson('tenant', 'create', 'grouping');
    const { project_id } = await runJson('project', 'create', 'Web', '--tenant', 'grouping');
    server.identity.groups.set(`${project_id} a/b`, { members: 2, firstAt: 0, lastAt: 1, properties: { seats: 7 } });
    const of = ['--project', project_id];
    expect(await runJson('group', 'show', 'a/b', ...of)).toMatchObject({ group_id: 'a/b', members: 2 });
    const shown = await run(['group', 'show', 'a/b', ...of]);
    expect(shown.out).toMatch(/^a\/b, 2 members, joined from 1970\S+000Z to 1970\S+001Z\n\{"seats":7\}\n$/);
    expect(await run(['group', 'show', 'none', ...of])).toMatchObject({ code: 1, out: '' });
  });

  it('lists, rotates and revokes', async () => {
    await runJson('tenant', 'create', 'listed');
    const { project_id } = await runJson('project', 'create', 'Listed', '--tenant', 'listed');
    const made = await runJson('key', 'create', '--project', project_id, '--kind', 'pub', '--name', 'site');
    const rotated = await runJson('key', 'rotate', made.key_id, '--overlap', '1h');
    expect(rotated).toMatchObject({
      created: true,
      rotated_key_id: made.key_id,
      rotated_until: new Date(server.now + 3_600_000).toISOString(),
    });
    expect(await runJson('key', 'revoke', rotated.key_id)).toMatchObject({
      revoked_at: new Date(server.now).toISOString(),
    });
    const { keys } = await runJson('key', 'list', '--project', project_id);
    expect(keys.map((one: { key_id: string }) => one.key_id)).toEqual([made.key_id, rotated.key_id]);
    expect((await runJson('project', 'list', '--tenant', 'listed')).projects).toHaveLength(1);
    expect((await runJson('tenant', 'list')).tenants).toContainEqual(expect.objectContaining({ slug: 'listed' }));
  });

  it('passes every option of a key on', async () => {
    await runJson('tenant', 'create', 'options');
    const project = ['project', 'create', 'Options', '--tenant', 'options', '--ip-policy', 'truncate'];
    const { project_id } = await runJson(
      ...project,
      '--retention-days',
      '30',
      '--origin',
      'https://a.com,https://b.com',
    );
    const create = ['key', 'create', '--project', project_id, '--kind', 'srv', '--mode', 'test'];
    const more = ['--scope', 'query:read', '--scope', 'admin', '--expires-in', '90d', '--rate-per-minute', '60'];
    expect(await runJson(...create, ...more, '--name', 'all of it')).toMatchObject({
      mode: 'test',
      name: 'all of it',
      scopes: ['query:read', 'admin'],
      rate_per_minute: 60,
      expires_at: new Date(server.now + 90 * 86_400_000).toISOString(),
    });
    expect(await runJson(...create, '--expires-at', '2030-01-31')).toMatchObject({
      expires_at: '2030-01-31T00:00:00.000Z',
    });
    expect(await server.control.findProject(project_id)).toMatchObject({
      ip_policy: 'truncate',
      retention_days: 30,
      origins: ['https://a.com', 'https://b.com'],
    });
  });

  it('sets, lists and removes the schemas of events', async () => {
    await runJson('tenant', 'create', 'plans');
    const { project_id } = await runJson('project', 'create', 'Plans', '--tenant', 'plans');
    const schema = { type: 'object', required: ['total'] };
    await writeFile(join(root, 'order.json'), JSON.stringify(schema));
    await writeFile(join(root, 'bad.json'), JSON.stringify({ pattern: '(?=a)' }));
    const of = ['--project', project_id, '--event', 'Order / Completed'];
    const set = await runJson('schema', 'set', ...of, '--file', 'order.json', '--mode', 'reject');
    expect(set).toMatchObject({ created: true, project_id, event: 'Order / Completed', mode: 'reject', schema });
    expect(await run(['schema', 'set', ...of, '--file', 'order.json'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Replaced the schema of Order \/ Completed warn since 2026/),
    });
    expect((await runJson('schema', 'list', '--project', project_id)).event_schemas).toMatchObject([{ mode: 'warn' }]);
    expect(await run(['schema', 'set', ...of, '--file', 'bad.json'])).toMatchObject({
      code: 1,
      error: expect.stringContaining('schema/pattern is no regular expression of RE2'),
    });
    expect(await run(['schema', 'set', ...of, '--file', 'none.json'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('can not be read'),
    });
    expect(await runJson('schema', 'remove', ...of)).toMatchObject({ deleted: true, event: 'Order / Completed' });
    expect(await run(['schema', 'remove', ...of])).toMatchObject({ code: 1 });
    expect(await run(['schema', 'list', '--project', project_id])).toMatchObject({
      out: 'The project has no event schemas yet.\n',
    });
  });

  it('tells a person without --json, the secret once', async () => {
    await runJson('tenant', 'create', 'people');
    const { project_id } = await runJson('project', 'create', 'People', '--tenant', 'people');
    const create = ['key', 'create', '--project', project_id, '--kind', 'srv'];
    const made = await run(create);
    expect(made.out).toMatch(/^Created the key default key_\w+ .*\n\n {2}px_srv_live_\w{36}\n\nKeep it now/);
    const again = await run(create);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('There is already the key default key_') });
    expect(again.out).not.toMatch(/px_srv_live_\w{36}/);
    expect((await run(['key', 'list', '--project', project_id])).out).toMatch(
      /^default {2}key_\w{20} .* never used\n$/,
    );
  });
});

describe('refusals: exit 1, and a message on standard error', () => {
  it('say what the server said', async () => {
    const args = ['project', 'create', 'X', '--tenant', 'nobody', '--json'];
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 1, error: expect.stringContaining('There is no tenant "nobody"') });
    expect(ended.out).toMatch(/^\{"error":\{"code":"not_found","message":"There is no tenant [^\n]+\}\}\n$/);
    expect(await run(['tenant', 'create', 'Not A Slug'])).toMatchObject({ code: 1, out: '' });
  });

  it('say that no server is there, and what to do', async () => {
    const ended = await run(['tenant', 'list'], { PX_URL: 'http://127.0.0.1:1' });
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.error).toMatch(/^No PX server answers at http:\/\/127\.0\.0\.1:1 \(.+\)\. Start it with npm start/);
    expect(ended.error.trim().split('\n')).toHaveLength(1);
  });

  it('say that the token is not taken', async () => {
    const ended = await run(['tenant', 'list'], { PX_ADMIN_TOKEN: 'wrong' });
    expect(ended).toMatchObject({ code: 1, error: expect.stringContaining('does not take this admin token') });
  });

  it('say that there is no token, and that the address is none', async () => {
    const noToken = { PX_ADMIN_TOKEN: '', DATA_DIR: join(root, 'nowhere') };
    expect(await run(['tenant', 'list'], noToken)).toMatchObject({
      code: 1,
      error: expect.stringContaining('There is no admin token'),
    });
    expect(await run(['tenant', 'list'], { PX_URL: 'nonsense' })).toMatchObject({
      code: 1,
      error: expect.stringContaining('PX_URL must be an address'),
    });
  });
});

describe('usage: exit 2', () => {
  it('says on standard error what is missing', async () => {
    const ended = await run(['key', 'create', '--project', 'prj_1', '--json']);
    expect(ended).toMatchObject({ code: 2, error: expect.stringContaining("'--kind <kind>' not specified") });
    expect(ended.out).toMatch(/^\{"error":\{"code":"usage","message":"[^\n]*--kind[^\n]+\}\}\n$/);
  });
});

describe('the token that the server wrote', () => {
  it('is found from the folder of the call and those above it', async () => {
    const inner = join(root, 'site', 'pages');
    await mkdir(inner, { recursive: true });
    await mkdir(join(root, 'site', '.px'));
    await writeFile(join(root, 'site', '.px', 'admin-token'), `${adminToken}\n`, { mode: 0o600 });
    const noToken = { PX_ADMIN_TOKEN: '' };
    expect(await run(['tenant', 'list'], noToken, inner)).toMatchObject({ code: 0 });
    expect(await run(['tenant', 'list'], { ...noToken, DATA_DIR: join(root, 'site', '.px') })).toMatchObject({
      code: 0,
    });
  });
});
