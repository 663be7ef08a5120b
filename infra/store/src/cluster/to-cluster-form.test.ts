import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMigrations } from '@px-platform/schemas';
import { afterAll, describe, expect, it } from 'vitest';
import { connectEmbedded } from '../connect-embedded.ts';
import { clusterWideTables } from './cluster-wide-tables.ts';
import { toClusterForm } from './to-cluster-form.ts';

const path = mkdtempSync(join(tmpdir(), 'px-cluster-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const cluster = { name: 'px-main', database: 'default' };
const numbered = readMigrations();
const formed = numbered.map((migration) => toClusterForm(migration, cluster));
const statements = formed.flatMap((migration) => migration.statements);
const toForm = (...sql: string[]): string[] =>
  toClusterForm({ number: 7, name: '0007_x', checksum: 'x', statements: sql }, cluster).statements;
const find = (start: string): string => statements.findLast((sql) => sql.startsWith(start)) ?? '';

describe('the cluster form of the DDL that stands here', () => {
  it('is taken by the parser of the engine, statement by statement', async () => {
    expect(statements.length).toBeGreaterThan(numbered.flatMap((migration) => migration.statements).length);
    for (const sql of statements) {
      const { rows } = await engine.ask({ sql: 'SELECT formatQuery({sql:String})', params: { sql } });
      expect(String(rows[0]?.[0])).toMatch(/^(CREATE|ALTER|DROP|INSERT) /);
    }
    await expect(
      engine.ask({ sql: "SELECT formatQuery('CREATE TABLE x ON CLUSTER (')", params: {} }),
    ).rejects.toThrow();
  });

  it('keeps number, name and checksum', () => {
    expect(formed.map(({ statements: _, ...rest }) => rest)).toEqual(
      numbered.map(({ statements: _, ...rest }) => rest),
    );
  });

  it('goes to every node, but for what fills a table, which is sharded on its way', () => {
    for (const sql of statements)
      expect(sql).toMatch(/^(INSERT INTO (sessions|rollup_hours)\n|[^\n]* ON CLUSTER 'px-main')/);
  });

  it('replicates each table within its shard, in a path of its own', () => {
    const tables = statements.filter((sql) => /^CREATE TABLE \D*_local /.test(sql));
    const paths = tables.map((sql) => /ENGINE = Replicated\w*MergeTree\('([^']+)', '{replica}'[,)]/.exec(sql)?.[1]);
    expect(new Set(paths).size).toBe(
      numbered.flatMap((one) => one.statements).filter((sql) => sql.startsWith('CREATE TABLE')).length -
        clusterWideTables.size,
    );
    for (const one of paths) expect(one).toMatch(/^\/clickhouse\/tables\/{shard}\/{database}\/\d{4}_\w+$/);
    expect(tables.join()).not.toContain('non_replicated');
    expect(find('CREATE TABLE IF NOT EXISTS events_local')).toContain(
      'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800',
    );
  });

  it('has the ids of a purge on each node', () => {
    expect(find('CREATE TABLE IF NOT EXISTS purge_ids')).toContain(
      "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{database}/0013_purge_ids', '{shard}_{replica}')",
    );
    expect(statements.filter((sql) => sql.includes('purge_ids_local'))).toEqual([]);
  });

  it('drops an insert that it has seen only where the DDL has a window', () => {
    const windows = statements.flatMap((sql) => {
      const [, name] = /^CREATE TABLE IF NOT EXISTS (\w+) ON[\s\S]*Replicated/.exec(sql) ?? [];
      return name === undefined ? [] : [[name, /[ ,]replicated_deduplication_window = (\d+)/.exec(sql)?.[1]]];
    });
    expect(windows.filter(([, window]) => window !== '0')).toEqual([
      ['events_local', '10000'],
      ['dead_letters_local', '1000'],
      ['audit_events_local', '10000'],
    ]);
  });

  it.each([
    ['events', 'project_id, person_key'],
    ['sessions', 'project_id, person_key'],
    ['dead_letters', 'log, `partition`, `offset`, `index`, reason'],
    ['audit_events', 'project_id, day, event_id'],
    ['identity_claims', 'project_id, id, user_id, source'],
  ])('spreads %s by (%s)', (table, key) => {
    expect(find(`CREATE TABLE IF NOT EXISTS ${table} ON`)).toBe(
      `CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER 'px-main' AS \`default\`.${table}_local\nENGINE = Distributed('px-main', 'default', '${table}_local', cityHash64(${key}))`,
    );
  });

  it('spreads events by the person as before, once the column has another name', () => {
    expect(find('CREATE OR REPLACE TABLE events ON')).toBe(
      "CREATE OR REPLACE TABLE events ON CLUSTER 'px-main' AS `default`.events_local\nENGINE = Distributed('px-main', 'default', 'events_local', cityHash64(project_id, if(own_person_key = '', anonymous_id, own_person_key)))",
    );
  });

  it('lets views and fills read the tables of all shards', () => {
    const reading = statements.filter((sql) => /^(CREATE VIEW|INSERT)/.test(sql));
    expect(reading.length).toBeGreaterThan(8);
    expect(reading.join()).not.toContain('_local');
    expect(find('CREATE VIEW IF NOT EXISTS sessions_v ')).toMatch(
      /ON CLUSTER 'px-main' AS\nSELECT[\s\S]*FROM sessions\n/,
    );
  });
});

it.each([
  ['ALTER TABLE a ADD COLUMN IF NOT EXISTS y UInt8 AFTER x', ['a_local', 'a']],
  ['ALTER TABLE a MODIFY SETTING merge_selector_base = 10', ['a_local']],
  ['ALTER TABLE a MODIFY TTL retain_until', ['a_local']],
  ['ALTER TABLE a ADD INDEX IF NOT EXISTS i y TYPE minmax', ['a_local']],
])('changes by `%s` the tables %j', (sql, tables) => {
  expect(toForm(sql)).toEqual(tables.map((table) => sql.replace('TABLE a', `TABLE ${table} ON CLUSTER 'px-main'`)));
});

it('drops the Distributed table before the one below it', () => {
  expect(toForm('DROP TABLE IF EXISTS a SYNC')).toEqual([
    "DROP TABLE IF EXISTS a ON CLUSTER 'px-main' SYNC",
    "DROP TABLE IF EXISTS a_local ON CLUSTER 'px-main' SYNC",
  ]);
});

it("keeps an engine's own arguments", () => {
  const [local, distributed] = toForm(
    'CREATE TABLE IF NOT EXISTS a\n(\n    x UInt8\n)\nENGINE = ReplacingMergeTree(x, y)\nORDER BY x\nTTL x',
  );
  expect(local).toContain(
    "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/0007_a', '{replica}', x, y)\nORDER BY x\nTTL x\nSETTINGS replicated_deduplication_window = 0",
  );
  expect(distributed).toContain('cityHash64(x))');
});

it('refuses a statement that it has no form of', () => {
  expect(() => toForm('CREATE MATERIALIZED VIEW IF NOT EXISTS v TO a AS SELECT 1')).toThrow(/no cluster form/);
  expect(() => toForm('ALTER TABLE a RENAME COLUMN IF EXISTS x TO y')).toThrow(/no cluster form/);
  expect(() => toForm('CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree')).toThrow(/no sorting key/);
});
