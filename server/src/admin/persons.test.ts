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

async function send(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/admin/v1/projects/${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
const toPath = (id: string) => `${project}/persons/${encodeURIComponent(id)}`;

describe('GET /projects/:id/persons/:person', () => {
  it('gives the person whom an id names, whatever letters it has', async () => {
    const id = 'a/b ?ü💚';
    const ids = [id, 'user-1'];
    const person = { personId: 'user-1', ids, isIdentified: true, identifiedAt: 1_234, properties: { plan: 'pro' } };
    server.identity.persons.set(`${project} ${id}`, person);
    expect(await send('GET', toPath(id))).toEqual({
      status: 200,
      body: {
        project_id: project,
        id,
        person_id: 'user-1',
        ids,
        is_identified: true,
        identified_at: '1970-01-01T00:00:01.234Z',
        properties: { plan: 'pro' },
      },
    });
  });

  it('says of an id that names nobody that it does', async () => {
    const person = { personId: null, ids: [], isIdentified: false, identifiedAt: null, properties: {} };
    server.identity.persons.set(`${project} crowded`, person);
    expect(await send('GET', toPath('crowded'))).toMatchObject({
      status: 200,
      body: { person_id: null, ids: [], is_identified: false, identified_at: null },
    });
  });

  it('answers 404 for an id of which nothing was said, and for a project that there is not', async () => {
    expect(await send('GET', toPath('stranger'))).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', message: expect.stringContaining('"stranger"') } },
    });
    expect(await send('GET', 'prj_none/persons/stranger')).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('prj_none') } },
    });
  });
});

describe('GET /projects/:id/persons/:person/merges', () => {
  it('gives what was said of an id, as many as are asked for', async () => {
    for (const at of [2, 1]) {
      const said = { at, id: 'phone', userId: `user-${at}`, source: 'identify', outcome: 'joined' } as const;
      server.identity.merges.push({ ...said, eventId: 'e1' });
    }
    const merge = {
      at: '1970-01-01T00:00:00.002Z',
      id: 'phone',
      user_id: 'user-2',
      source: 'identify',
      event_id: 'e1',
      outcome: 'joined',
    };
    expect(await send('GET', `${toPath('phone')}/merges?limit=1`)).toEqual({ status: 200, body: { merges: [merge] } });
    expect((await send('GET', `${toPath('phone')}/merges`)).body.merges).toHaveLength(2);
    expect((await send('GET', `${toPath('stranger')}/merges`)).body).toEqual({ merges: [] });
    expect(await send('GET', `${toPath('phone')}/merges?limit=0`)).toMatchObject({ status: 400 });
    expect(await send('GET', 'prj_none/persons/phone/merges')).toMatchObject({ status: 404 });
  });
});

describe('POST /projects/:id/identity-decisions', () => {
  it('notes a decision with who, when and why', async () => {
    const asked = { id: 'tablet', decision: 'apart', decided_by: 'ops', note: 'shared' };
    const decided_at = new Date(server.now).toISOString();
    expect(await send('POST', `${project}/identity-decisions`, asked)).toEqual({
      status: 201,
      body: { project_id: project, decided_at, ...asked },
    });
    expect(await send('POST', `${project}/identity-decisions`, { id: 'a\0', decision: 'clear' })).toMatchObject({
      status: 201,
      body: { id: 'a\uFFFD', decided_by: 'admin', note: '' },
    });
    expect(server.identity.decisions.map(({ id, decision, decidedBy }) => [id, decision, decidedBy])).toEqual([
      ['tablet', 'apart', 'ops'],
      ['a\uFFFD', 'clear', 'admin'],
    ]);
    expect(server.identity.decisions[0]).toMatchObject({ projectId: project, decidedAt: server.now, note: 'shared' });
  });

  it.each([
    [{}, 'id'],
    [{ id: '', decision: 'apart' }, 'id'],
    [{ id: 'a'.repeat(201), decision: 'apart' }, 'id'],
    [{ id: 'a', decision: 'merge' }, 'decision'],
    [{ id: 'a', decision: 'apart', note: 'x'.repeat(1_001) }, 'note'],
    [{ id: 'a', decision: 'apart', by: 'me' }, ''],
  ])('refuses %j', async (body, path) => {
    const before = server.identity.decisions.length;
    const answer = await send('POST', `${project}/identity-decisions`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_body' } } });
    expect(answer.body.error.details.issues[0].path).toBe(path);
    expect(server.identity.decisions).toHaveLength(before);
  });

  it('knows no project that there is not', async () => {
    const body = { id: 'a', decision: 'apart' };
    expect(await send('POST', 'prj_none/identity-decisions', body)).toMatchObject({ status: 404 });
  });
});
