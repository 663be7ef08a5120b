import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import { createClickHouseDeadLetterStore } from '../dead-letters/clickhouse-dead-letter-store.ts';
import type { Engine } from '../engine.ts';
import { createClickHousePurgeStore } from '../purge/clickhouse-purge-store.ts';
import { purgedTables } from '../purge/purged-tables.ts';
import type { Statement } from '../statement.ts';
import { createClickHouseSaltStore } from '../visitor-salts/clickhouse-salt-store.ts';
import { changeOnCluster } from './change-on-cluster.ts';
import { toClusterChange } from './to-cluster-change.ts';

const path = mkdtempSync(join(tmpdir(), 'px-change-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const cluster = { name: 'px-main', database: 'default' };
const purge = {
  id: '018f0000-0000-7000-8000-000000000001',
  projectId: 'prj_a',
  kind: 'user_id',
  state: 'deleting',
  requestedAt: 1,
  deletedBefore: 2,
  finishedAt: null,
  ids: 1,
  found: {},
  left: {},
} as const;
const letter = {
  reason: 'stage_failed',
  stage: 'geo',
  message: '',
  project_id: 'prj_a',
  log: 'log',
  partition: 0,
  offset: 1,
  index: 0,
  received_at: 0,
  payload: '',
} as const;

/** What all that changes stored rows sends to a cluster, each table holding one row of the person. */
async function changeAll(): Promise<Statement[]> {
  const sent: Statement[] = [];
  const answer = (sql: string): unknown[][] => {
    if (sql.includes('AS table, count()')) return purgedTables.map(({ table }) => [table, 1]);
    if (sql.includes('visitor_salts')) return [['2026-05-01', 'old']];
    return sql.includes('SELECT DISTINCT toString(purge_id)') ? [[purge.id]] : [];
  };
  const recording: Engine = {
    ...engine,
    run: async (statement) => void sent.push(statement),
    insert: async () => undefined,
    ask: async ({ sql }) => ({ columns: [], rows: answer(sql), rowsRead: 0 }),
  };
  const onCluster = changeOnCluster(recording, cluster);
  const purges = createClickHousePurgeStore(onCluster, onCluster);
  await purges.finish(purge, 3);
  await purges.tidy();
  await createClickHouseDeadLetterStore(onCluster, onCluster).remove([letter]);
  await createClickHouseSaltStore(onCluster).keep(['2026-05-02'], () => 'new');
  return sent;
}

describe('all that changes stored rows', async () => {
  const sent = await changeAll();
  const changes = sent.map(({ sql }) => sql.trim()).filter((sql) => !sql.startsWith('INSERT'));

  it('goes to the tables that hold rows, on every shard, and asks nothing of other nodes', () => {
    const changed = changes.flatMap((sql) => /^(?:ALTER TABLE|DELETE FROM) (\w+)/.exec(sql)?.[1] ?? []);
    const local = [...purgedTables.map(({ table }) => table), 'dead_letters', 'visitor_salts'];
    expect(changed.sort()).toEqual([...local.map((table) => `${table}_local`), 'purge_ids'].sort());
    for (const sql of changes) {
      if (!/ purge_ids( DELETE|$)/.test(sql)) expect(sql).toMatch(/^\S+ \S+ \w+_local ON CLUSTER 'px-main'\s/);
      for (const [, asked = ''] of sql.matchAll(/\bFROM (\w+)/g)) expect(asked).toMatch(/^purge_ids$|_local$/);
    }
    expect(changes.find((sql) => sql.includes('sessions_local'))).toContain('FROM events_local WHERE');
  });

  it('waits until each node has the ids that it deletes by, and until each replica has deleted', () => {
    const sync = "SYSTEM SYNC REPLICA ON CLUSTER 'px-main' purge_ids";
    changes.forEach((sql, at) => {
      if (sql.includes('FROM purge_ids')) expect(changes[at - 1]).toBe(sync);
      if (sql.startsWith('ALTER')) expect(sql).toContain('mutations_sync = 2');
    });
    expect(changes.filter((sql) => sql === sync)).toHaveLength(purgedTables.length);
  });

  it('is taken by the parser of the engine', async () => {
    for (const { sql } of sent) {
      const { rows } = await engine.ask({ sql: 'SELECT formatQuery({sql:String})', params: { sql } });
      expect(String(rows[0]?.[0])).toMatch(/^(ALTER|DELETE|INSERT|SYSTEM) /);
    }
  });
});

it('leaves inserts and questions as they are', () => {
  for (const sql of ['INSERT INTO sessions SELECT 1 FROM events', 'SELECT 1 FROM events'])
    expect(toClusterChange(sql, cluster)).toEqual([sql]);
});

it.each([
  ['ALTER TABLE dead_letters DELETE WHERE project_id IN (SELECT project_id FROM events)', /asks events/],
  ['ALTER TABLE events UPDATE retain_until = 1 WHERE 1', /no cluster form/],
  ['OPTIMIZE TABLE events FINAL', /no cluster form/],
  ['TRUNCATE TABLE stored_joins_state', /no cluster form/],
])('refuses `%s`', (sql, message) => {
  expect(() => toClusterChange(sql, cluster)).toThrow(message);
});

it('is all there is: no other file of the store changes rows', () => {
  const folder = join(import.meta.dirname, '..');
  const changing = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('cluster'))
    .filter((file) =>
      /['"`\n](ALTER TABLE|DELETE FROM|OPTIMIZE|TRUNCATE) /.test(readFileSync(join(folder, file), 'utf8')),
    );
  expect(changing.sort()).toEqual([
    'dead-letters/select-letters.ts',
    // For measurements, of an engine in this process.
    'open-engine-alone.ts',
    'purge/clickhouse-purge-store.ts',
    'purge/purge-statements.ts',
    'visitor-salts/clickhouse-salt-store.ts',
  ]);
});
