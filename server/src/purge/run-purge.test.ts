import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, adminToken, startAdminServer } from '../../test/admin-server.ts';
import { runPurge } from './run-purge.ts';

let server: AdminServer;
let project: string;
beforeAll(async () => {
  server = await startAdminServer();
  const tenant = await server.control.createTenant({ slug: 'acme', tier: 'free' });
  const made = await server.control.createProject({
    tenantId: tenant.value.id,
    name: 'Web',
    origins: [],
    ipPolicy: 'drop',
    retentionDays: 30,
  });
  project = made.value.id;
});
afterAll(() => server.close());

async function run(args: readonly string[], url = server.url) {
  let out = '';
  let error = '';
  const code = await runPurge(args, {
    env: { PX_URL: url, PX_ADMIN_TOKEN: adminToken },
    folder: import.meta.dirname,
    pollMs: 5,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

/** Does what the processor does, once it is asked. */
async function carryOutNext(): Promise<void> {
  for (;;) {
    const [next] = await server.purges.pending();
    if (next !== undefined) return void (await server.purges.finish(await server.purges.begin(next, 1), 2));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('pnpm purge', () => {
  it.each([
    [[]],
    [['--project', 'p']],
    [['--project', 'p', '--user-id', 'a', '--email', 'a@b.de']],
    [['--user-id', 'a']],
    [['--project', 'p', '--user-id', 'a', '--timeout-s', 'x']],
  ])('refuses the usage %j with 2', async (args) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '' });
  });

  it('waits until the person is gone, and prints one line of JSON', async () => {
    const [ended] = await Promise.all([run(['--project', project, '--user-id', 'anna', '--json']), carryOutNext()]);
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(ended.out)).toMatchObject({ state: 'done', subject: 'user_id', project_id: project, ids: 1 });
    expect(ended.out).not.toContain('anna');
  });

  it('with --dry-run counts and asks for nothing', async () => {
    expect(await run(['--project', project, '--email', 'anna@example.com', '--dry-run'])).toMatchObject({ code: 0 });
    expect(await server.purges.pending()).toEqual([]);
  });

  it.each([
    ['an unknown project', ['--project', 'prj_none', '--user-id', 'anna'], 'not_found'],
    ['an id that names nobody', ['--anonymous-id', 'undefined'], 'invalid_body'],
    ['what is no mail address', ['--email', 'anna'], 'invalid_body'],
  ])('refuses %s with 1', async (_name, own, code) => {
    const ended = await run([...(own.includes('--project') ? [] : ['--project', project]), ...own, '--json']);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code } });
  });

  it('says where nobody answers, and where it is not done in time', async () => {
    const away = await run(['--project', project, '--user-id', 'anna', '--json'], 'http://127.0.0.1:1');
    expect(JSON.parse(away.out)).toMatchObject({ error: { code: 'no_server' } });
    const late = await run(['--project', project, '--user-id', 'anna', '--timeout-s', '1', '--json']);
    expect(late.code).toBe(1);
    expect(JSON.parse(late.out)).toMatchObject({ error: { code: 'timeout' } });
    await carryOutNext();
  });

  it('a purge is found under its project alone, by an id that is one', async () => {
    const get = async (path: string) =>
      (await fetch(`${server.url}/admin/v1${path}`, { headers: { authorization: `Bearer ${adminToken}` } })).status;
    const ended = await Promise.all([run(['--project', project, '--user-id', 'bert', '--json']), carryOutNext()]);
    const { purge_id } = JSON.parse(ended[0].out);
    expect(await get(`/projects/${project}/purges/${purge_id}`)).toBe(200);
    expect(await get(`/projects/another/purges/${purge_id}`)).toBe(404);
    expect(await get(`/projects/${project}/purges/1' OR 1`)).toBe(404);
  });
});
