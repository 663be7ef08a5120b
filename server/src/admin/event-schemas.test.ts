import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminServer, adminToken, startAdminServer } from '../../test/admin-server.ts';

let server: AdminServer;
let projectId = '';
beforeAll(async () => {
  server = await startAdminServer();
  await send('POST', '/tenants', { slug: 'acme' });
  projectId = await createProject('Web');
});
afterAll(() => server.close());

async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/admin/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
async function createProject(name: string): Promise<string> {
  return (await send('POST', '/projects', { tenant: 'acme', name })).body.project_id;
}
const toPath = (event: string, project = projectId) =>
  `/projects/${project}/event-schemas/${encodeURIComponent(event)}`;

const schema = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };

describe('event schemas', () => {
  it('are set, replaced, told, listed and removed under names of any kind', async () => {
    const names = ['Order Completed', 'a/b', 'ü?&#%', '100%', '__proto__', 'constructor'];
    for (const event of names) {
      const made = await send('PUT', toPath(event), { mode: 'warn', schema });
      const told = { project_id: projectId, event, mode: 'warn', schema, updated_at: '2026-01-01T00:00:00.000Z' };
      expect(made).toEqual({ status: 201, body: { created: true, ...told } });
      expect(await send('GET', toPath(event))).toEqual({ status: 200, body: told });
    }
    const replaced = await send('PUT', toPath(' Order Completed '), { mode: 'reject', schema: {} });
    expect(replaced).toMatchObject({ status: 200, body: { created: false, event: 'Order Completed', mode: 'reject' } });
    const list = await send('GET', `/projects/${projectId}/event-schemas`);
    expect(list.body.event_schemas.map((one: { event: string }) => one.event)).toEqual([...names].sort());
    for (const event of names) {
      expect(await send('DELETE', toPath(event))).toMatchObject({ status: 200, body: { deleted: true, event } });
      expect(await send('DELETE', toPath(event))).toMatchObject({ status: 404 });
      expect(await send('GET', toPath(event))).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
    expect((await send('GET', '/projects')).body.projects).toContainEqual(
      expect.objectContaining({ plan_version: 13 }),
    );
  });

  it.each<[string, unknown, string, string]>([
    ['a bomb of an expression', { mode: 'warn', schema: { pattern: '(?=(a+)+$)' } }, 'invalid_body', 'schema/pattern'],
    ['a schema that is none', { mode: 'warn', schema: { type: 'strnig' } }, 'invalid_body', 'schema/type'],
    ['a reference to elsewhere', { mode: 'off', schema: { $ref: 'http://a.example' } }, 'invalid_body', 'schema/$ref'],
    ['no schema', { mode: 'warn' }, 'invalid_body', 'schema'],
    ['a list', { mode: 'warn', schema: [] }, 'invalid_body', 'schema'],
    ['an unknown mode', { mode: 'block', schema: {} }, 'invalid_body', 'mode'],
    ['more than is asked', { mode: 'off', schema: {}, event: 'x' }, 'invalid_body', ''],
    ['more than 64 KiB', { mode: 'off', schema: { title: 'x'.repeat(70_000) } }, 'invalid_body', 'schema'],
    [
      'a deep one',
      `{"mode":"off","schema":${'{"not":'.repeat(20_000)}{}${'}'.repeat(20_000)}}`,
      'invalid_body',
      `schema${'/not'.repeat(32)}`,
    ],
  ])('refuse %s, with the path', async (_name, body, code, path) => {
    const refused = await send('PUT', toPath('x'), body);
    expect(refused).toMatchObject({ status: 400, body: { error: { code, details: { issues: [{ path }] } } } });
    expect(await send('GET', toPath('x'))).toMatchObject({ status: 404 });
  });

  it('refuse a name that no event may have, a project that there is not, and other methods', async () => {
    const body = { mode: 'off', schema: {} };
    const refused = { status: 400, body: { error: { code: 'invalid_parameter' } } };
    expect(await send('PUT', toPath('x'.repeat(201)), body)).toMatchObject(refused);
    expect(await send('PUT', toPath(' '), body)).toMatchObject(refused);
    for (const [method, path] of [
      ['PUT', toPath('x', 'prj_none')],
      ['GET', toPath('x', 'prj_none')],
      ['DELETE', toPath('x', 'prj_none')],
      ['GET', '/projects/prj_none/event-schemas'],
    ] as const) {
      const answer = await send(method, path, method === 'PUT' ? body : undefined);
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
    expect((await send('POST', toPath('x'), body)).status).toBe(405);
    expect((await send('DELETE', `/projects/${projectId}/event-schemas`)).status).toBe(405);
  });

  it('are 500 a project at most, and 2 MiB', async () => {
    const full = await createProject('Full');
    const put = (event: string, one: object = {}) =>
      server.control.putEventSchema({ projectId: full, event, mode: 'off', schema: { ...one } });
    for (let n = 0; n < 500; n++) await put(`event ${n}`);
    const body = { mode: 'off', schema: {} };
    expect(await send('PUT', toPath('one more', full), body)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', details: { size: 501, limit: 500, unit: 'schemas' } } },
    });
    expect((await send('PUT', toPath('event 1', full), body)).status).toBe(200);
    const large = { title: 'x'.repeat(65_000) };
    for (let n = 0; n < 32; n++) await put(`event ${n}`, large);
    expect(await send('PUT', toPath('event 40', full), { mode: 'off', schema: large })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', details: { limit: 2_097_152, unit: 'bytes' } } },
    });
  });
});
