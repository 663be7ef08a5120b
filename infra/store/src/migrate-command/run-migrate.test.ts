import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '@px-platform/schemas';
import { afterAll, describe, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import type { Engine } from '../engine.ts';
import { runMigrate } from './run-migrate.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-migrate-command-'));
const store = join(folder, '.px/store');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = readMigrations().map(({ name }) => name);

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  let out = '';
  let error = '';
  const code = await runMigrate(args, {
    env,
    folder,
    clock: Date.now,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

async function onStore<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = connectEmbedded(store);
  try {
    return await call(engine);
  } finally {
    await engine.close();
  }
}

const countTables = (): Promise<number> =>
  onStore(async (engine) => {
    const sql = 'SELECT count() FROM system.tables WHERE database = currentDatabase()';
    return Number((await engine.ask({ sql, params: {} })).rows[0]?.[0]);
  });

describe('pnpm migrate on a data folder', () => {
  it('refuses a folder without a store, and makes none', async () => {
    const ended = await run(['status', '--json']);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'data_dir_unusable' } });
    expect(ended.error).toContain(`There is no store at ${store}`);
    expect(existsSync(store)).toBe(false);
  });

  it('says what is pending and what would run, and changes nothing', async () => {
    expect(await countTables()).toBe(0);
    const status = await run(['status', '--json']);
    expect(status).toMatchObject({ code: 0, error: '' });
    expect(JSON.parse(status.out)).toEqual({
      migrations: names.map((name, at) => ({ number: at + 1, name, state: 'pending', applied_at: null })),
      differences: null,
    });
    const dry = await run(['--dry-run']);
    expect(dry.code).toBe(0);
    for (const { name, statements } of readMigrations()) {
      expect(dry.out).toContain(`-- ${name}\n${statements.map((sql) => `${sql};`).join('\n')}\n`);
    }
    expect(await countTables()).toBe(0);
  });

  it('applies what is pending, once', async () => {
    const applied = await run(['--json']);
    expect(applied).toMatchObject({ code: 0, error: '' });
    expect(JSON.parse(applied.out)).toEqual({ applied: names, differences: [] });
    expect(await run([])).toEqual({ code: 0, out: 'Nothing was pending.\n', error: '' });
    expect(await run(['--dry-run'])).toEqual({ code: 0, out: 'Nothing is pending.\n', error: '' });
    const status = await run(['status']);
    expect(status.code).toBe(0);
    const [first] = status.out.split('\n');
    expect(first).toMatch(/^0001_events +applied 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(JSON.parse((await run(['status', '--json'])).out)).toMatchObject({ differences: [] });
  });

  it('tells how the tables differ, and ends with 1 where a start would end', async () => {
    await onStore((engine) => engine.run({ sql: 'ALTER TABLE events DROP COLUMN region', params: {} }));
    const status = await run(['status']);
    expect(status.code).toBe(1);
    expect(status.out).toContain('stops events, column region: expected LowCardinality(String), found none');
    expect(JSON.parse((await run(['--json'])).out)).toMatchObject({ error: { code: 'schema_differs' } });
  });

  it('ends with 1 where the store is ahead of this version', async () => {
    const sql = "INSERT INTO schema_migrations (number, name, checksum) VALUES (99, '0099_later', 'x')";
    await onStore((engine) => engine.run({ sql, params: {} }));
    const status = await run(['status']);
    expect(status).toMatchObject({ code: 1, error: expect.stringContaining('The store is at DDL 99') });
    expect(status.out).toMatch(/\n0099_later +unknown 20/);
    expect(await run(['--dry-run'])).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse((await run(['--json'])).out)).toMatchObject({ error: { code: 'migration_failed' } });
  });

  it('refuses a folder that a server holds, run as the command that it is', async () => {
    const held = mkdtempSync(join(folder, 'held-'));
    const script = join(import.meta.dirname, '../../test/hold-store.ts');
    const server = spawn(process.execPath, [script, join(held, 'store')], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(server.stdout, 'data');
      const args = [join(import.meta.dirname, 'main.ts'), 'status', '--json'];
      const env = { ...process.env, DATA_DIR: held, CLICKHOUSE_URL: '', CLICKHOUSE_CLUSTER: '' };
      const ended = await new Promise<{ code: unknown; out: string }>((resolve) => {
        execFile(process.execPath, args, { env }, (error, out) => resolve({ code: error?.code ?? 0, out }));
      });
      expect(ended.code).toBe(1);
      expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'data_dir_in_use' } });
    } finally {
      server.kill('SIGKILL');
    }
  });
});

it('says that no server answers', async () => {
  const ended = await run(['status', '--json'], { CLICKHOUSE_URL: 'http://127.0.0.1:1' });
  expect(ended).toMatchObject({ code: 1, error: expect.stringContaining('ECONNREFUSED') });
  expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'store_unavailable' } });
});

it.each([
  [{ CLICKHOUSE_CLUSTER: 'main' }, /CLICKHOUSE_URL is not/],
  [{ CLICKHOUSE_URL: 'nonsense' }, /CLICKHOUSE_URL/],
])('refuses the settings %j', async (env, message) => {
  expect(await run([], env)).toMatchObject({ code: 1, error: expect.stringMatching(message) });
});

it.each([[['stat']], [['status', 'more']], [['--all']], [['status', '--dry-run']]])(
  'refuses the usage %j with 2, and tells what can be said',
  async (args) => {
    const ended = await run([...args, '--json']);
    expect(ended).toMatchObject({ code: 2, error: expect.stringContaining('Usage: pnpm migrate') });
    expect(JSON.parse(ended.out)).toMatchObject({ error: { code: 'usage' } });
  },
);

it('helps, and ends with 0', async () => {
  expect(await run(['--help'])).toMatchObject({ code: 0, error: '', out: expect.stringContaining('--dry-run') });
});
