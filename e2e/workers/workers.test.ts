import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childrenOf } from '../../infra/runtime/test/children-of.ts';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  tryStart,
  untilDrained,
} from '../src/standalone-process.ts';

const dataDir = makeDataDir('workers');
let at: StandaloneProcess;
beforeAll(async () => {
  at = await startProcess({ dataDir, port: await findFreePort(), env: { WORKERS: '2' } });
});
afterAll(async () => {
  if (!at.hasEnded()) await at.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The server processes that a process has started and that are there still; the processor's is none. */
const serversOf = (pid: number): number[] => childrenOf(pid, '/workers/');

/**
 * Sends one event over a connection of its own, so that the processes take turns; gives the status, 0 where it broke or
 * stood still, as one does that node was handing to a process when that was killed.
 */
function send(eventId: string, key = at.apiKey): Promise<number> {
  return new Promise((resolve) => {
    const agent = new Agent({ keepAlive: false });
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' };
    const sending = request(
      `${at.url}/api/v1/events`,
      { method: 'POST', headers, agent, timeout: 3_000 },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(0));
      },
    );
    sending.on('timeout', () => sending.destroy());
    sending.on('error', () => resolve(0));
    sending.end(JSON.stringify({ event: 'sent', event_id: eventId, anonymous_id: `visitor ${eventId.slice(0, 2)}` }));
  });
}

it('serves every route from every process, and counts as one', async () => {
  expect(serversOf(at.pid)).toHaveLength(2);
  expect(childrenOf(at.pid)).toHaveLength(3);
  const ids = Array.from({ length: 20 }, () => randomUUID());
  expect(await Promise.all(ids.map((id) => send(id)))).toEqual(Array(20).fill(202));
  const key = await makeServerKey(at);
  await untilDrained(at);
  expect((await exportRows(at, key)).map((row) => row['event_id']).sort()).toEqual(ids.toSorted());
  for (let time = 0; time < 4; time += 1) {
    const metrics = await (await fetch(`${at.url}/metrics`, { headers: { connection: 'close' } })).text();
    expect(metrics).toContain('px_ingest_events_accepted_total 20\n');
    expect(metrics).toContain('px_queue_depth{topic="events.v1"} 0\n');
    expect(metrics.match(/^# TYPE px_queue_depth /gm)).toHaveLength(1);
    const health = await (await fetch(`${at.url}/health`, { headers: { connection: 'close' } })).json();
    expect(health).toMatchObject({ status: 'ok', dependencies: { log: {}, store: {}, control: {}, processor: {} } });
  }
});

it('holds one rate over all of them', async () => {
  const key = await makeServerKey(at, undefined, 7);
  const statuses = await Promise.all(Array.from({ length: 20 }, () => send(randomUUID(), key)));
  expect(statuses.toSorted()).toEqual([...Array(7).fill(202), ...Array(13).fill(429)]);
});

it('holds a tracking plan in each of them, from the moment at which a key is looked up', async () => {
  const put = await fetch(`${at.url}/admin/v1/projects/${at.projectId}/event-schemas/sent`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${at.adminToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ mode: 'reject', schema: { required: ['price'] } }),
  });
  expect(put.status).toBe(201);
  const statuses = async (key: string) => Promise.all(Array.from({ length: 20 }, () => send(randomUUID(), key)));
  expect(await statuses(await makeServerKey(at))).toEqual(Array(20).fill(400));
  const headers = { Authorization: `Bearer ${at.adminToken}` };
  const removed = await fetch(put.url, { method: 'DELETE', headers });
  expect(removed.status).toBe(200);
  expect(await statuses(await makeServerKey(at))).toEqual(Array(20).fill(202));
});

it('loses nothing that was answered where a process is killed, and starts another', async () => {
  const [victim = 0] = serversOf(at.pid);
  const ids = Array.from({ length: 600 }, () => randomUUID());
  const taken: string[] = [];
  for (let from = 0; from < ids.length; from += 20) {
    if (from === 200) process.kill(victim, 'SIGKILL');
    const sent = ids.slice(from, from + 20);
    const statuses = await Promise.all(sent.map((id) => send(id)));
    taken.push(...sent.filter((_, index) => statuses[index] === 202));
  }
  expect(taken.length).toBeGreaterThan(500);
  await expect.poll(() => serversOf(at.pid).filter((pid) => pid !== victim), { timeout: 20_000 }).toHaveLength(2);
  await untilDrained(at);
  const rows = (await exportRows(at, await makeServerKey(at))).map((row) => row['event_id']);
  const stored = new Set(rows);
  expect(rows).toHaveLength(stored.size);
  expect(taken.filter((id) => !stored.has(id))).toEqual([]);
});

it('refuses a port that is taken, and leaves no process behind', async () => {
  const refused = await tryStart({
    dataDir: makeDataDir('workers-refused'),
    port: Number(new URL(at.url).port),
    env: { WORKERS: '2' },
  });
  expect(refused).toMatchObject({ code: 'port_in_use' });
});

it('ends with every answer given: what was taken is there after the next start', async () => {
  const workers = childrenOf(at.pid);
  const ids = Array.from({ length: 100 }, () => randomUUID());
  const sending = Promise.all(ids.map((id) => send(id)));
  const code = await at.stop();
  const statuses = await sending;
  expect(code).toBe(0);
  for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  const taken = ids.filter((_, index) => statuses[index] === 202);
  at = await startProcess({ dataDir, port: await findFreePort() });
  await untilDrained(at);
  const stored = new Set((await exportRows(at, await makeServerKey(at))).map((row) => row['event_id']));
  expect(taken.filter((id) => !stored.has(id))).toEqual([]);
  expect(await at.stop()).toBe(0);
});
