import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  type ExportedRow,
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

const command = fileURLToPath(new URL('../../server/src/purge/main.ts', import.meta.url));
const dataDir = makeDataDir('purge');
const madeAt = new Date(Date.now() - 60_000).toISOString();
const id = (n: number): string => `0190bbbb-0000-4000-8000-${String(n).padStart(12, '0')}`;
let port: number;
let at: StandaloneProcess;

beforeAll(async () => {
  port = await findFreePort();
  at = await startProcess({ dataDir, port });
});
afterAll(async () => {
  if (!at.hasEnded()) await at.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

async function send(events: readonly object[], headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(`${at.url}/api/v1/events/batch`, {
    method: 'POST',
    headers: { 'X-API-Key': at.apiKey, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ events }),
  });
  expect(response.status).toBe(202);
}

async function readRows(): Promise<ExportedRow[]> {
  await untilDrained(at);
  return exportRows(at, await makeServerKey(at));
}

async function runPurge(...args: string[]): Promise<{ code: number | null; body: Record<string, unknown> }> {
  const env = { PATH: process.env['PATH'], PX_URL: at.url, PX_ADMIN_TOKEN: at.adminToken };
  const child = spawn(process.execPath, [command, '--project', at.projectId, '--json', ...args], { env });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, body: JSON.parse(out) };
}

const anna = [
  { event: 'page_view', event_id: id(1), timestamp: madeAt, anonymous_id: 'anna-web' },
  { event: 'identify', event_id: id(2), timestamp: madeAt, anonymous_id: 'anna-web', user_id: 'anna' },
  { event: 'order', event_id: id(3), timestamp: madeAt, user_id: 'anna' },
];

describe('a person that asks to be forgotten', () => {
  it('is removed though everything is killed as soon as it was asked for, and late events bring nobody back', async () => {
    await send([...anna, { event: 'page_view', event_id: id(4), timestamp: madeAt, anonymous_id: 'bert' }]);
    expect(await readRows()).toHaveLength(4);
    const preview = await runPurge('--anonymous-id', 'anna-web', '--dry-run');
    expect(preview).toMatchObject({ code: 0, body: { dry_run: true, ids: 2, found: { events: 3 } } });

    const admin = { authorization: `Bearer ${at.adminToken}`, 'content-type': 'application/json' };
    const purges = `${at.url}/admin/v1/projects/${at.projectId}/purges`;
    const asked = await fetch(purges, { method: 'POST', headers: admin, body: '{"anonymous_id":"anna-web"}' });
    expect(asked.status).toBe(201);
    const { purge_id } = JSON.parse(await asked.text());
    await at.kill();
    at = await startProcess({ dataDir, port });
    const read = async (): Promise<Record<string, unknown>> =>
      JSON.parse(await (await fetch(`${purges}/${purge_id}`, { headers: admin })).text());
    await expect.poll(async () => (await read())['state'], { timeout: 60_000 }).toBe('done');
    const done = await read();
    expect(done).toMatchObject({ ids: 2, found: { events: 3, sessions: expect.any(Number) } });
    expect(new Set(Object.values(Object(done['left'])))).toEqual(new Set([0]));
    expect((await readRows()).map((row) => row['person_key'])).toEqual(['bert']);

    // The same again, one from an offline queue, and what she does today.
    await send([...anna, { event: 'late', event_id: id(5), timestamp: madeAt, user_id: 'anna' }]);
    await send([{ event: 'back', event_id: id(6), timestamp: new Date().toISOString(), anonymous_id: 'anna-web' }]);
    expect((await readRows()).map((row) => row['event']).sort()).toEqual(['back', 'page_view']);
  });

  it('is removed by the command, which waits and exits with 0', async () => {
    const ended = await runPurge('--user-id', 'bert');
    expect(ended).toMatchObject({ code: 0, body: { state: 'done', found: { events: 1 }, left: { events: 0 } } });
    expect((await readRows()).map((row) => row['event'])).toEqual(['back']);
  });
});

it('a visitor who denies analytics leaves a row and no person', async () => {
  const consent = { analytics: false };
  const own = { anonymous_id: 'secret', user_id: 'secret', properties: { email: 'secret@example.com', plan: 'pro' } };
  await send([{ event: 'denied', event_id: id(7), timestamp: madeAt, ...own, context: { consent } }], {
    'Sec-GPC': '1',
    'X-Request-ID': 'secret-request',
  });
  const row = (await readRows()).find((one) => one['event'] === 'denied');
  expect(JSON.stringify(row)).not.toContain('secret');
  expect(row).toMatchObject({ person_key: '', consent_analytics: 'denied', consent_ads: 'denied' });
  expect(row).toMatchObject({ properties: { plan: 'pro' } });
});
