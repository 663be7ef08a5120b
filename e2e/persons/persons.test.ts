import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { makeServerKey, type StandaloneProcess, startProcess, untilDrained } from '../src/standalone-process.ts';

const dataDir = makeDataDir('persons');
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

/** Gives back once they are stored. */
async function say(...events: readonly object[]): Promise<void> {
  const response = await fetch(`${at.url}/api/v1/events/batch`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  expect(response.status).toBe(202);
  await untilDrained(at);
}

async function askAdmin(path: string, body?: object) {
  const response = await fetch(`${at.url}/admin/v1/projects/${at.projectId}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${at.adminToken}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
const personOf = async (id: string) => (await askAdmin(`persons/${encodeURIComponent(id)}`)).body;
const outcomesOf = async (id: string): Promise<string[]> =>
  (await askAdmin(`persons/${encodeURIComponent(id)}/merges`)).body.merges.map(
    (one: { outcome: string }) => one.outcome,
  );
const decide = (id: string, decision: string) => askAdmin('identity-decisions', { id, decision, note: 'e2e' });

const view = (anonymous_id: string) => ({ event: 'page_view', anonymous_id });
const identify = (anonymous_id: string, user_id: string, traits = {}) => ({
  event: 'identify',
  anonymous_id,
  user_id,
  traits,
});

it('a visitor who identifies is the user at once, with what was done before, until the join is undone', async () => {
  await say(view('phone'), view('phone'));
  expect(await askAdmin('persons/phone')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  await say(identify('phone', 'anna', { plan: 'pro' }));
  expect(await personOf('phone')).toMatchObject({
    person_id: 'anna',
    ids: ['anna', 'phone'],
    is_identified: true,
    properties: { plan: 'pro' },
  });
  expect(await outcomesOf('phone')).toEqual(['joined']);
  expect(await decide('phone', 'apart')).toMatchObject({
    status: 201,
    body: { decision: 'apart', decided_by: 'admin' },
  });
  expect(await personOf('phone')).toMatchObject({ person_id: 'phone', ids: ['phone'], is_identified: false });
  expect(await outcomesOf('phone')).toEqual(['undone']);
});

it('an id that names nobody joins nobody, and an e-mail address of 51 visitors is in quarantine until it is trusted', async () => {
  const boxes = Array.from({ length: 51 }, (_, n) => identify(`box-${n}`, 'info@acme.example'));
  await say(identify('tablet', 'null'), identify('kiosk', 'null'), ...boxes);
  expect(await personOf('tablet')).toMatchObject({ person_id: 'tablet', ids: ['tablet'], is_identified: false });
  expect(await outcomesOf('kiosk')).toEqual(['blocked_id']);
  expect(await personOf('info@acme.example')).toMatchObject({ person_id: null, ids: [] });
  expect(await outcomesOf('box-7')).toEqual(['quarantined']);
  await decide('info@acme.example', 'trust');
  const { person_id, ids } = await personOf('box-7');
  expect([person_id, ids.length]).toEqual(['info@acme.example', 52]);
});
