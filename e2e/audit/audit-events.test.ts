import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { auditRowAnswerSchema } from '@px-platform/schemas';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { exportRows, makeServerKey, startProcess } from '../src/standalone-process.ts';

const dataDir = makeDataDir('audit');
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const events = Array.from({ length: 2_000 }, (_, at) => ({
  event_id: randomUUID(),
  actor: { id: `user ${at % 7}`, type: 'user' },
  action: { name: at % 2 === 0 ? 'Team.Created' : 'Member.Removed' },
  resource: { type: 'team', id: `team ${at}` },
  result: 'success',
  timestamp: new Date(Date.UTC(2026, 0, 1) + at * 60_000).toISOString(),
  metadata: { at, nothing: null },
}));

it('are rows of their own table, each once, through two kills in the midst and resends of all', async () => {
  const port = await findFreePort();
  let at = await startProcess({ dataDir, port, env: { BATCH_SIZE: '100' } });
  // Also where it fails: a process that is left behind would hold the run's end up.
  onTestFinished(async () => (at.hasEnded() ? undefined : at.kill()));
  const scopes = ['audit:write', 'query:read'];
  const key = await makeServerKey(at, scopes);
  const sendAll = async (): Promise<number> => {
    let taken = 0;
    for (let from = 0; from < events.length; from += 100) {
      const response = await fetch(`${at.url}/v1/events/batch`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ events: events.slice(from, from + 100) }),
      });
      if (response.status === 202) taken += 100;
    }
    return taken;
  };

  for (let kills = 0; kills < 2; kills++) {
    expect(await sendAll()).toBe(events.length);
    await at.kill();
    at = await startProcess({ dataDir, port, env: { BATCH_SIZE: '100' } });
  }
  expect(await sendAll()).toBe(events.length);
  await expect.poll(() => readDepth(at.url), { timeout: 60_000 }).toBe(0);

  const rows = await exportRows(at, key, 'audit-events');
  const byId = new Map(rows.map((row) => [row['event_id'], row]));
  expect([rows.length, byId.size]).toEqual([events.length, events.length]);
  expect(rows.find((row) => !auditRowAnswerSchema.strict().safeParse(row).success)).toBeUndefined();
  for (const event of events) {
    expect(byId.get(event.event_id)).toMatchObject({
      actor_id: event.actor.id,
      action: event.action.name.toLowerCase(),
      resource_id: event.resource.id,
      timestamp: event.timestamp,
      metadata: event.metadata,
    });
  }
  expect(await exportRows(at, key)).toEqual([]);
  // Audit events are worked off while the state that other events need is still made warm.
  const readHealth = async () => (await fetch(`${at.url}/health`)).json();
  await expect
    .poll(readHealth, { timeout: 30_000 })
    .toMatchObject({ status: 'ok', dependencies: { audit_log: { status: 'ok' } } });
  expect(await at.stop()).toBe(0);
});

async function readDepth(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^px_queue_depth\{topic="audit\.events\.v1"\} (\d+)$/m.exec(metrics)?.[1]);
}
