import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { makeServerKey, type StandaloneProcess, startProcess, untilDrained } from '../src/standalone-process.ts';

const dataDir = makeDataDir('groups');
let at: StandaloneProcess;
let key: string;
beforeAll(async () => {
  at = await startProcess({ dataDir, port: await findFreePort() });
  key = await makeServerKey(at);
});
afterAll(async () => {
  await at.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function post(path: string, body: object) {
  const response = await fetch(`${at.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** One after the other; gives back once they are stored. */
async function say(...calls: readonly (readonly [path: string, body: object])[]): Promise<void> {
  for (const [path, body] of calls) expect(await post(path, body)).toMatchObject({ status: 202 });
  await untilDrained({ url: at.url, apiKey: key });
}

async function groupOf(id: string, token = at.adminToken) {
  const response = await fetch(`${at.url}/admin/v1/projects/${at.projectId}/groups/${encodeURIComponent(id)}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** Rows of a question about all events, in the order of its columns. */
async function ask(question: object): Promise<unknown[][]> {
  const [from, to] = ['2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z'];
  const { status, body } = await post('query', { from, to, ...question });
  expect(status).toBe(200);
  return body.rows;
}

const now = Date.now();
/** The event's own time: it decides which trait was the last. */
const ago = (minutes: number) => ({ timestamp: new Date(now - minutes * 60_000).toISOString() });

it('persons join groups with traits, and a visitor who identifies is no second member', async () => {
  expect(await groupOf('acme')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  await say(
    ['group', { ...ago(9), anonymous_id: 'phone', group_id: 'acme', traits: { name: 'Acme', seats: 5 } }],
    ['group', { ...ago(8), user_id: 'anna', group_id: ' acme ', traits: { seats: 7 } }],
    ['group', { ...ago(7), anonymous_id: 'desk', user_id: 'berta', group_id: 'acme' }],
    // Came last, happened first.
    ['group', { ...ago(20), user_id: 'berta', group_id: 'acme', traits: { seats: 1, plan: 'free' } }],
    ['group', { ...ago(6), user_id: 'berta', group_id: 'Größe/5 %', traits: { name: 'Fünf' } }],
  );
  expect(await groupOf('acme')).toEqual({
    status: 200,
    body: {
      project_id: at.projectId,
      group_id: 'acme',
      members: 3,
      first_at: ago(20).timestamp,
      last_at: ago(7).timestamp,
      properties: { name: 'Acme', seats: 7, plan: 'free' },
    },
  });
  await say(['identify', { ...ago(5), anonymous_id: 'phone', user_id: 'anna' }]);
  expect((await groupOf('acme')).body.members).toBe(2);
  expect((await groupOf('Größe/5 %')).body).toMatchObject({ members: 1, properties: { name: 'Fünf' } });
  expect(await groupOf('acme', 'px_srv_no_admin')).toMatchObject({ status: 401 });
});

it('questions break events down by group, and filter by it', async () => {
  const group = { filters: [{ field: 'properties.group_id', op: 'eq', value: 'acme' }] };
  const rows = await ask({ question: 'breakdown', event: 'group', by: 'properties.group_id' });
  expect(rows.map(([by, events, visitors]) => [by, Number(events), Number(visitors)])).toEqual([
    ['acme', 4, 2],
    ['Größe/5 %', 1, 1],
  ]);
  expect(await ask({ question: 'events', event: 'group', ...group })).toHaveLength(4);
});

it('a group that is nobody is refused or not made, and the event is stored', async () => {
  for (const group_id of [undefined, '', ' ', 7, 'x'.repeat(201)]) {
    expect(await post('group', { user_id: 'clara', group_id })).toMatchObject({
      status: 400,
      body: { error: { details: { path: 'group_id' } } },
    });
  }
  await say(['group', { user_id: 'clara', group_id: 'undefined', traits: { seats: 9 } }]);
  expect(await groupOf('undefined')).toMatchObject({ status: 404 });
  const filters = [{ field: 'user_id', op: 'eq', value: 'clara' }];
  expect(await ask({ question: 'events', event: 'group', filters })).toHaveLength(1);
});
