import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function post(path: string, body: unknown) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.keys.pub}` };
  const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('the named routes', () => {
  it.each([
    ['identify', { user_id: 'u1', anonymous_id: 'a1', traits: { email: 'a@b.c' } }, {}],
    ['group', { user_id: 'u1', group_id: 'g1', traits: { plan: 'pro' } }, { properties: { group_id: 'g1' } }],
    ['group', { user_id: 'u1', properties: { group_id: 'g1', x: 1 } }, {}],
    ['group', { user_id: 'u1', group_id: ' g1\n', properties: { x: 1 } }, { properties: { group_id: 'g1', x: 1 } }],
    ['alias', { user_id: 'u1', properties: { previous_id: ' a1 ' } }, { properties: { previous_id: 'a1' } }],
    ['alias', { user_id: 'u1', previous_id: 'a1' }, { properties: { previous_id: 'a1' } }],
    [
      'page',
      { anonymous_id: 'a1', properties: { name: 'Home' }, context: { page: { url: 'https://a.example/' } } },
      {},
    ],
  ])('POST /api/v1/%s stores %j', async (route, body, changed) => {
    const answer = await post(`/api/v1/${route}`, body);
    expect(answer).toMatchObject({ status: 202, body: { event_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const { group_id: _, previous_id: __, ...sent } = { group_id: '', previous_id: '', ...body };
    const event = route === 'page' ? 'page_view' : route;
    expect((await server.takeRecords()).flatMap(({ events }) => events)).toEqual([
      { ...sent, ...changed, event, event_id: answer.body.event_id },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['identify', { anonymous_id: 'a1' }, 'user_id'],
    ['identify', { user_id: ' ' }, 'user_id'],
    ['identify', { user_id: 7 }, 'user_id'],
    ['identify', { user_id: 'u', event: 'purchase' }, 'event'],
    ['identify', { user_id: 'u', traits: 'x' }, 'traits'],
    ['group', { user_id: 'u1' }, 'group_id'],
    ['group', { group_id: 'g', user_id: 'u', properties: 'x' }, 'properties'],
    ['group', { group_id: 'g'.repeat(201), user_id: 'u' }, 'group_id'],
    ['group', { group_id: 'g' }, 'anonymous_id'],
    ['alias', { user_id: 'u1' }, 'previous_id'],
    ['alias', { anonymous_id: 'a1', previous_id: 'a0' }, 'user_id'],
    ['page', {}, 'anonymous_id'],
  ])('POST /api/v1/%s refuses %j, and says where', async (route, body, path) => {
    expect(await post(`/api/v1/${route}`, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_body', details: { path } } },
    });
    expect(await server.takeRecords()).toEqual([]);
  });

  it.each([[[]], ['text'], [null], [7]])('refuse the body %j', async (body) => {
    expect(await post('/api/v1/identify', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_body' } },
    });
  });

  it('take POST alone', async () => {
    const response = await fetch(`${server.url}/api/v1/alias`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
