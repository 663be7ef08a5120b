import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, adminToken, startAdminServer } from '../../test/admin-server.ts';

let server: AdminServer;
let project: string;
beforeAll(async () => {
  server = await startAdminServer();
  const { value: tenant } = await server.control.createTenant({ slug: 'acme', tier: 'free' });
  const input = { tenantId: tenant.id, name: 'Web', origins: [], ipPolicy: 'drop' as const, retentionDays: 1 };
  project = (await server.control.createProject(input)).value.id;
});
afterAll(() => server.close());

async function get(path: string) {
  const response = await fetch(`${server.url}/admin/v1/projects/${path}`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('GET /projects/:id/groups/:group', () => {
  it('gives the group, whatever letters its id has', async () => {
    const id = 'a/b ?ü💚';
    server.identity.groups.set(`${project} ${id}`, { members: 2, firstAt: 1, lastAt: 1_234, properties: { seats: 7 } });
    expect(await get(`${project}/groups/${encodeURIComponent(id)}`)).toEqual({
      status: 200,
      body: {
        project_id: project,
        group_id: id,
        members: 2,
        first_at: '1970-01-01T00:00:00.001Z',
        last_at: '1970-01-01T00:00:01.234Z',
        properties: { seats: 7 },
      },
    });
  });

  it('says that nobody joined a group of which only traits are known', async () => {
    server.identity.groups.set(`${project} empty`, { members: 0, firstAt: null, lastAt: null, properties: {} });
    expect((await get(`${project}/groups/empty`)).body).toMatchObject({ members: 0, first_at: null, last_at: null });
  });

  it('answers 404 for a group that nobody named, and for a project that there is not', async () => {
    expect(await get(`${project}/groups/none`)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: expect.stringContaining('"none"') } },
    });
    expect(await get('prj_none/groups/acme')).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('prj_none') } },
    });
  });
});
