import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as waitFor } from 'node:timers/promises';
import { systemClock } from '@px-platform/runtime';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { hastyPace, slowMigrations } from '../../test/slow-migrations.ts';
import { startTestServer, type TestServer } from '../../test/start-test-server.ts';
import type { Engine } from '../engine.ts';
import { migrate } from '../migrate.ts';
import { connectServer } from '../open-server.ts';

let server: TestServer;
let engine: Engine;
const children: ChildProcess[] = [];
beforeAll(async () => {
  server = await startTestServer();
  engine = connectServer(server.url);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const table of [...(await lockTables()), 'runs', 'schema_migrations']) {
    await run(`DROP TABLE IF EXISTS ${table} SYNC`);
  }
});
afterAll(async () => {
  await engine.close();
  await server.stop();
});

const run = (sql: string): Promise<void> => engine.run({ sql, params: {} });
const read = async (sql: string): Promise<unknown[][]> => (await engine.ask({ sql, params: {} })).rows;
const lockTables = async (): Promise<string[]> =>
  (await read("SELECT name FROM system.tables WHERE name LIKE 'migration_lock%'")).map(([name]) => String(name));

interface Migrating {
  readonly child: ChildProcess;
  /** All that it printed, once it has ended. */
  readonly said: Promise<string>;
  goOn(): void;
}

/** Starts a process that migrates, and comes back while its slow statement runs. */
async function startSlowly(): Promise<Migrating> {
  const script = join(import.meta.dirname, '../../test/migrate-slowly.ts');
  const child = spawn(process.execPath, [script, server.url], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part;
  });
  const said = once(child, 'close').then(() => text);
  const first = await Promise.race([once(child.stdout, 'data').then(String), said]);
  expect(first).toBe('begun\n');
  return { child, said, goOn: () => void child.stdin.write('go on\n') };
}

const options = { clock: systemClock, isSole: false, migrations: slowMigrations, pace: hastyPace };

it('is kept by one that lives, however long its statement takes', async () => {
  const slow = await startSlowly();
  let looks = 0;
  const wait = (ms: number): Promise<void> => {
    looks += 1;
    if (looks === hastyPace.deadAfterTries + 5) slow.goOn();
    return waitFor(ms);
  };
  expect(await migrate(engine, { ...options, wait })).toEqual([]);
  expect(await slow.said).toBe('begun\n["0001_slow","0002_quick"]\n');
  expect(await read('SELECT count() FROM runs')).toEqual([[1]]);
  expect(await lockTables()).toEqual([]);
});

it('goes on to one of those who wait when its holder is killed', async () => {
  const killed = await startSlowly();
  killed.child.kill('SIGKILL');
  expect(await killed.said).toBe('begun\n');
  const other = connectServer(server.url);
  const applied = await Promise.all([engine, other].map((one) => migrate(one, options)));
  await other.close();
  expect(applied.flat()).toEqual(['0001_slow', '0002_quick']);
  expect(await read('SELECT count() FROM runs')).toEqual([[1]]);
  expect(await lockTables()).toEqual([]);
});

it('is not believed in by a holder that was stopped while another took it over', async () => {
  const stopped = await startSlowly();
  stopped.child.kill('SIGSTOP');
  expect(await migrate(engine, options)).toEqual(['0001_slow', '0002_quick']);
  await run("CREATE TABLE migration_lock (holder String) ENGINE = Memory COMMENT '0 third'");
  stopped.goOn();
  stopped.child.kill('SIGCONT');
  expect(await stopped.said).toBe('begun\n');
  expect(stopped.child.exitCode).toBe(1);
  expect(await lockTables()).toEqual(['migration_lock']);
  expect(await read('SELECT count() FROM schema_migrations')).toEqual([[2]]);
});
