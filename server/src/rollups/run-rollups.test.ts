import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AdminServer, adminToken, startAdminServer } from '../../test/admin-server.ts';
import { runRollups } from './run-rollups.ts';

let server: AdminServer;
let project = '';
beforeAll(async () => {
  server = await startAdminServer();
  const tenant = (await server.control.createTenant({ slug: 'acme', tier: 'pro' })).value;
  const made = { tenantId: tenant.id, name: 'Web', origins: [], ipPolicy: 'drop', retentionDays: 30 } as const;
  project = (await server.control.createProject({ ...made, origins: [] })).value.id;
});
afterAll(() => server.close());
beforeEach(() => {
  server.rollups.rebuilt.length = 0;
  server.rollups.checkedRanges.length = 0;
  server.rollups.found = { checked: 5, stale: 0, differences: [] };
});

async function run(...args: string[]) {
  let out = '';
  let error = '';
  const waits: number[] = [];
  const code = await runRollups(args, {
    env: { PX_URL: server.url, PX_ADMIN_TOKEN: adminToken },
    folder: import.meta.dirname,
    wait: async (ms) => waits.push(ms),
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
  });
  return { code, out, error, waits };
}
const march = ['--from', '2026-03-01', '--to', '2026-03-03T12:00:00Z'];

describe('rollups rebuild', () => {
  it('asks for it, waits until all hours are made, and says how far it is', async () => {
    const ended = await run('rebuild', '--project', project, ...march, '--json');
    expect(ended).toMatchObject({ code: 0, out: '{"hours":5,"waiting":0}\n' });
    expect(ended.error).toBe('0 of 5 hours are made\n2 of 5 hours are made\n4 of 5 hours are made\n');
    expect(ended.waits).toEqual([1_000, 1_000, 1_000]);
    const range = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 3, 12) };
    expect(server.rollups.rebuilt).toEqual([{ projectId: project, range }]);
  });

  it('is refused for a project that there is not', async () => {
    const ended = await run('rebuild', '--project', 'prj_none', ...march, '--json');
    expect(ended).toMatchObject({ code: 1, error: 'There is no project "prj_none".\n' });
    expect(ended.out).toBe('{"error":{"code":"not_found","message":"There is no project \\"prj_none\\"."}}\n');
    expect(server.rollups.rebuilt).toEqual([]);
  });
});

describe('rollups check', () => {
  it('compares day by day, and is done where nothing differs', async () => {
    const ended = await run('check', '--project', project, ...march);
    expect(ended).toMatchObject({ code: 0, error: '' });
    expect(ended.out).toMatch(/^Nothing differs\.\n15 hours compared, 0 left out/);
    const days = [Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 3), Date.UTC(2026, 2, 3, 12)];
    expect(server.rollups.checkedRanges).toEqual(days.slice(0, 3).map((from, at) => ({ from, to: days[at + 1] })));
  });

  it('prints what differs and ends with 1', async () => {
    const hour = Date.UTC(2026, 2, 1, 7);
    const difference = { hour, dimension: 'path', event: 'page_view', value: '/a\nb', stored: 3, rolled: 4 } as const;
    server.rollups.found = { checked: 4, stale: 1, differences: [difference] };
    const day = ['--from', '2026-03-01', '--to', '2026-03-02'];
    const ended = await run('check', '--project', project, ...day);
    expect(ended).toMatchObject({ code: 1, error: '2026-03-01 differs\n' });
    expect(ended.out).toContain(
      '2026-03-01T07:00:00.000Z  path  "page_view"  "/a\\nb"  3 stored  4 in the rollup\n4 hours compared, 1 left out',
    );
    const asJson = await run('check', '--project', project, ...day, '--json');
    const differences = [{ ...difference, hour: '2026-03-01T07:00:00.000Z' }];
    expect(JSON.parse(asJson.out)).toEqual({ checked: 4, stale: 1, differences });
  });
});

it.each([
  [[]],
  [['rebuild']],
  [['rebuild', '--project', 'prj_a', '--from', '2026-03-01']],
  [['check', '--project', 'prj_a', '--from', 'yesterday', '--to', '2026-03-01']],
  [['drop', '--project', 'prj_a', ...march]],
])('refuses the usage %j with 2', async (args) => {
  const ended = await run(...args);
  expect(ended).toMatchObject({ code: 2, out: '' });
  expect(ended.error).not.toBe('');
});

it.each([
  [
    'a "to" that does not lie after "from"',
    'GET',
    '/rollups?project_id=P&from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z',
  ],
  ['what is no instant', 'GET', '/rollups?project_id=P&from=monday&to=2026-03-02T00:00:00Z'],
  [
    'a check of more than 31 days',
    'GET',
    '/rollups/check?project_id=P&from=2026-03-01T00:00:00Z&to=2026-04-02T00:00:00Z',
  ],
  ['an unknown parameter', 'GET', '/rollups?project_id=P&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&all=1'],
])('the admin routes refuse %s', async (_name, method, path) => {
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${server.url}/admin/v1${path.replace('=P', `=${project}`)}`, { method, headers });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: 'invalid_parameter' } });
});
