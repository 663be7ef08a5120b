import { randomUUID } from 'node:crypto';
import { readMigrations } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../chaos/start-stack.ts';

const patience = { timeout: 60_000, interval: 250 };
/** Of the migration that a newer version would bring. */
const next = readMigrations().length + 1;

/** Processors of this version, beside tables that one to come has changed: rolling upgrades do that for minutes. */
describe('processors of the older version', () => {
  let stack: Stack;
  const sent: string[] = [];

  beforeAll(async () => {
    const env = { KAFKA_SESSION_TIMEOUT_MS: '6000', FLUSH_INTERVAL_MS: '20', LOG_LEVEL: 'warn' };
    stack = await startStack({ brokers: 1, servers: 1, processors: 2, partitions: 4, env });
  }, 240_000);
  afterAll(() => stack.close());

  async function run(sql: string): Promise<string> {
    const answer = await fetch(stack.engine.url, { method: 'POST', body: sql });
    if (!answer.ok) throw new Error(`${sql}: ${await answer.text()}`);
    return answer.text();
  }
  const readColumn = async (sql: string): Promise<string[]> =>
    (await run(`${sql} FORMAT TabSeparated`)).split('\n').filter((line) => line !== '');
  const readStored = () => readColumn('SELECT event_id FROM events ORDER BY toString(event_id)');
  const readLetters = () => readColumn('SELECT reason FROM dead_letters');

  /** Sends so many events, each of another person, so that every partition gets some; all are acknowledged. */
  async function send(count: number): Promise<void> {
    const [client] = stack.clients;
    for (let n = 0; n < count; n += 1) {
      const event_id = randomUUID();
      const answer = await fetch(`${client?.url}/api/v1/events`, {
        method: 'POST',
        headers: { 'X-API-Key': client?.apiKey ?? '', 'Content-Type': 'application/json' },
        body: JSON.stringify({ event: 'upgraded', event_id, anonymous_id: randomUUID() }),
      });
      expect(answer.status).toBe(202);
      sent.push(event_id);
    }
  }
  async function expectAllStored(): Promise<void> {
    await expect.poll(readStored, patience).toEqual(sent.toSorted());
    expect(await readLetters()).toEqual([]);
  }
  async function readDepth(): Promise<number> {
    const [client] = stack.clients;
    const answer = await fetch(`${client?.url}/api/v1/events/queue/status`, {
      headers: { 'X-API-Key': client?.apiKey ?? '' },
    });
    return Number(Object(await answer.json()).depth);
  }

  it('go on where a migration of the newer one only adds, and store each event once', async () => {
    await send(20);
    await expectAllStored();
    await run("ALTER TABLE events ADD COLUMN to_come String DEFAULT 'as before'");
    await run('ALTER TABLE sessions ADD COLUMN to_come SimpleAggregateFunction(any, String)');
    await run(`INSERT INTO schema_migrations (number, name, checksum) VALUES (${next}, 'to_come', 'to come')`);
    await send(40);
    await expectAllStored();
    expect(await readColumn('SELECT DISTINCT to_come FROM events')).toEqual(['as before']);
    // Derived after the rows.
    await expect.poll(() => readColumn('SELECT count() FROM sessions_v'), patience).toEqual([String(sent.length)]);
  });

  it('refuse to start beside newer tables, touch nothing, and leave the one that runs in peace', async () => {
    const [older, running] = stack.processors;
    expect(await older?.stop()).toBe(0);
    await expect(older?.start()).rejects.toThrow(
      `The store is at DDL ${next}, this version knows ${next - 1}: start a newer version, or restore a backup`,
    );
    expect(await older?.stop()).toBe(1);
    await send(20);
    await expectAllStored();
    expect((await fetch(`${running?.url}/health/ready`)).status).toBe(200);
    expect(await readColumn(`SELECT name FROM schema_migrations FINAL WHERE number >= ${next}`)).toEqual(['to_come']);
  });

  it('store nothing and lose nothing where one took a column away, say why, and go on once the table is one that they know', async () => {
    const [, running] = stack.processors;
    await run('ALTER TABLE events RENAME COLUMN title TO heading');
    const before = await readStored();
    await send(20);
    await expect.poll(() => running?.said(), patience).toMatch(/No such column title in table/);
    await expect.poll(readDepth, patience).toBe(20);
    expect(await readStored()).toEqual(before);
    expect(await readLetters()).toEqual([]);
    await run('ALTER TABLE events RENAME COLUMN heading TO title');
    await expectAllStored();
    await expect.poll(readDepth, patience).toBe(0);
  });
});
