import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSpooledLog, type EventLog, openSpool, type SpooledLog } from '@px-platform/log';
import { AppError } from '@px-platform/runtime';
import { eventTopic } from '@px-platform/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpoolTelemetry } from '../src/health/spool-telemetry.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const patient = { timeout: 20_000 };
let folder = '';
let server: TestServer;
let spooled: SpooledLog;
const broker = { isAway: false };
beforeEach(() => {
  broker.isAway = false;
  folder = mkdtempSync(join(tmpdir(), 'px-server-spool-'));
});
afterEach(async () => {
  await server.close();
  await spooled.close();
  rmSync(folder, { recursive: true });
});

/** A log that is away when it is told to be. */
const breakable = (log: EventLog): EventLog => ({
  ...log,
  append: async (records) => {
    if (broker.isAway) throw new AppError('log_unavailable', 'The broker is away, at secret.internal:9092.');
    return log.append(records);
  },
});

async function start(maxBytes: number): Promise<void> {
  const spool = await openSpool({ folder: join(folder, 'spool'), maxBytes, minFreeBytes: 0, clock: Date.now });
  server = await startTestServer({
    wrapLog(log, { metrics, logger }) {
      const telemetry = createSpoolTelemetry(eventTopic, metrics, logger);
      const [random, stopwatch] = [Math.random, () => performance.now()];
      spooled = createSpooledLog({ log: breakable(log), backend: 'kafka', spool, telemetry, random, stopwatch });
      return spooled;
    },
    healthChecks: { spool: () => spooled.checks.spool(), broker: () => spooled.checks.broker() },
  });
}

const get = (path: string) => fetch(server.url + path, { headers: { 'x-api-key': server.keys.srv } });
const look = async (path: string) => {
  const response = await get(path);
  return { status: response.status, body: JSON.parse(await response.text()) };
};

/** Sends the next of a person's events, which counts up, and gives the answer. */
async function send(person: string, count: number): Promise<Response> {
  const event = { event: `${count}`, anonymous_id: person, properties: { text: 'x'.repeat(200) } };
  const headers = { 'x-api-key': server.keys.srv, 'content-type': 'application/json' };
  return fetch(`${server.url}/api/v1/events`, { method: 'POST', body: JSON.stringify(event), headers });
}

/** The names of each person's events as they lie in the log. */
async function takeNames(): Promise<Record<string, string[]>> {
  const names: Record<string, string[]> = {};
  for (const { person_key, events } of await server.takeRecords()) {
    names[person_key] = [...(names[person_key] ?? []), ...events.map(({ event }) => event)];
  }
  return names;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

describe('a server whose broker is away', () => {
  it('answers 202 from the spool, shows it, and delivers all in the order of each person once the broker is back', async () => {
    await start(10_000_000);
    const people = ['ann', 'bob', 'cid'];
    const sendTo = async (from: number, to: number) => {
      for (let count = from; count < to; count++) {
        const answers = await Promise.all(people.map((person) => send(person, count)));
        expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      }
    };
    await sendTo(0, 5);
    expect(await look('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    broker.isAway = true;
    await sendTo(5, 30);
    expect(await look('/health/ready')).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        dependencies: { log: { status: 'ok' }, spool: { status: 'ok' }, broker: { status: 'down' } },
      },
    });
    const queue = await look('/api/v1/events/queue/status');
    expect(queue.body).toMatchObject({
      depth: 15,
      spooled: 75,
      spool: { in_use: true, depth: 75, bytes: expect.any(Number), max_bytes: 10_000_000, set_aside: 0 },
    });
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('px_spool_in_use{topic="events.v1"} 1\n');
    expect(metrics).toContain('px_spool_records{topic="events.v1"} 75\n');
    expect(metrics).toContain(`px_spool_bytes{topic="events.v1"} ${queue.body.spool.bytes}\n`);
    expect(metrics).toContain('px_spool_max_bytes{topic="events.v1"} 10000000\n');
    expect(metrics).toContain('px_spool_records_total{topic="events.v1",outcome="spooled"} 75\n');
    expect(metrics).toMatch(/px_spool_drain_failures_total\{topic="events.v1"\} [1-9]/);
    expect(server.logLines).toContainEqual(expect.objectContaining({ level: 'warn', topic: 'events.v1' }));

    broker.isAway = false;
    await sendTo(30, 40);
    await expect.poll(() => look('/health/ready'), patient).toMatchObject({ status: 200, body: { status: 'ok' } });
    await sendTo(40, 45);
    expect(await takeNames()).toEqual({ ann: numbers(45), bob: numbers(45), cid: numbers(45) });
    expect((await look('/api/v1/events/queue/status')).body).toMatchObject({ spooled: 0, spool: { in_use: false } });
    expect(await (await get('/metrics')).text()).toMatch(
      /px_spool_records_total\{topic="events.v1",outcome="drained"\} \d+/,
    );
  });

  it('answers 503 with Retry-After past the bound and is not ready; nothing of what it answered 202 is lost', async () => {
    await start(40_000);
    broker.isAway = true;
    const accepted: string[] = [];
    let refusal: Response | null = null;
    for (let count = 0; refusal === null && count < 1_000; count++) {
      const answer = await send('ann', count);
      if (answer.status === 202) accepted.push(String(count));
      else refusal = answer;
    }
    expect(accepted.length).toBeGreaterThan(10);
    expect(refusal?.status).toBe(503);
    expect(Number(refusal?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refusal?.json()).toMatchObject({ error: { code: 'not_durable' } });
    const ready = await look('/health/ready');
    expect(ready).toMatchObject({
      status: 503,
      body: { status: 'down', dependencies: { spool: { status: 'down' }, broker: { status: 'down' } } },
    });
    expect(JSON.stringify(ready.body)).not.toContain('secret');
    expect((await look('/health/live')).status).toBe(200);

    broker.isAway = false;
    await expect.poll(async () => (await look('/api/v1/events/queue/status')).body.spooled, patient).toBe(0);
    const next = Number(accepted.at(-1)) + 1;
    expect((await send('ann', next)).status).toBe(202);
    await expect.poll(() => look('/health/ready'), patient).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await takeNames()).toEqual({ ann: [...accepted, String(next)] });
  });
});
