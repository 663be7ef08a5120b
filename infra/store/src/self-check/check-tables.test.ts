import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { checkTables, findDifferences, toText } from './check-tables.ts';
import { compareTables } from './compare-tables.ts';
import { readExpectedTables } from './expected.ts';
import { readTables } from './read-tables.ts';

let open: TestStore;
beforeAll(async () => {
  open = await openEmbeddedTestStore();
});
afterAll(() => open.store.close());

const run = (sql: string): Promise<void> => open.engine.run({ sql, params: {} });
const read = async (sql: string): Promise<string> => String((await open.engine.ask({ sql, params: {} })).rows[0]?.[0]);
const found = async (): Promise<string[]> =>
  (await findDifferences(open.engine, null)).map((one) => `${one.kind}: ${toText(one)}`);

/** Breaks the store, looks, and mends it. */
async function breaking(how: string, mend: string): Promise<string[]> {
  await run(how);
  try {
    return await found();
  } finally {
    await run(mend);
  }
}

it('tables.json is what the DDL makes: after a change of the DDL, `npm run ddl`', async () => {
  expect(JSON.parse(readFileSync(new URL('./tables.json', import.meta.url), 'utf8'))).toEqual(
    await readTables(open.engine),
  );
});

it('finds nothing in a store that was just migrated', async () => {
  expect(open.differences).toEqual([]);
  expect(await checkTables(open.engine, null)).toEqual([]);
});

describe('names what differs', () => {
  it.each([
    [
      'a column that is gone',
      'ALTER TABLE events DROP COLUMN region',
      'ALTER TABLE events ADD COLUMN region LowCardinality(String) AFTER country',
      'stops: events, column region: expected LowCardinality(String), found none',
    ],
    [
      'a column of another type',
      'ALTER TABLE events MODIFY COLUMN path UInt8',
      'ALTER TABLE events MODIFY COLUMN path String',
      'stops: events, column path: expected String, found UInt8',
    ],
    [
      'a TTL that is gone',
      'ALTER TABLE events REMOVE TTL',
      'ALTER TABLE events MODIFY TTL retain_until',
      'warns: events, TTL: expected retain_until, found none',
    ],
    [
      'an index that is gone',
      'ALTER TABLE events DROP INDEX by_offset',
      'ALTER TABLE events ADD INDEX by_offset _offset TYPE minmax GRANULARITY 1',
      'warns: events, index by_offset: expected minmax _offset, found none',
    ],
    [
      "an operator's column, which is fine",
      'ALTER TABLE events ADD COLUMN mine String',
      'ALTER TABLE events DROP COLUMN mine',
      'added: events, column mine: expected none, found String',
    ],
    [
      "an operator's index, which is fine",
      'ALTER TABLE events ADD INDEX mine path TYPE bloom_filter GRANULARITY 1',
      'ALTER TABLE events DROP INDEX mine',
      'added: events, index mine: expected none, found bloom_filter path',
    ],
  ])('%s', async (_name, how, mend, difference) => {
    expect(await breaking(how, mend)).toEqual([difference]);
  });

  it('a view that is missing, and one that asks something else', async () => {
    const create = await read("SELECT create_table_query FROM system.tables WHERE name = 'sessions_v'");
    await run('DROP VIEW sessions_v');
    expect(await found()).toEqual([
      expect.stringMatching(/^warns: sessions_v, the view: expected SELECT .*, found none$/),
    ]);
    await run('CREATE VIEW sessions_v AS SELECT 1 AS one');
    expect(await found()).toEqual([expect.stringMatching(/^warns: sessions_v, the view: .*found SELECT 1 AS one$/)]);
    await run('DROP VIEW sessions_v');
    await run(create);
    expect(await found()).toEqual([]);
  });

  it('a table with another sorting key, engine and partition, and one that is missing, before what only warns', async () => {
    await run('RENAME TABLE group_members TO members_kept, identity_decisions TO decisions_kept');
    await run(
      'CREATE TABLE group_members AS members_kept ENGINE = MergeTree PARTITION BY project_id ORDER BY (project_id, id)',
    );
    const differences = await found();
    const checking = checkTables(open.engine, null);
    await expect(checking).rejects.toMatchObject({
      code: 'schema_differs',
      message: expect.stringContaining(
        '\n  group_members, ORDER BY: expected project_id, group_id, id, found project_id, id\n',
      ),
    });
    await run('DROP TABLE group_members SYNC');
    await run('RENAME TABLE members_kept TO group_members, decisions_kept TO identity_decisions');
    expect(differences).toEqual([
      'stops: group_members, ENGINE: expected AggregatingMergeTree, found MergeTree',
      'stops: group_members, ORDER BY: expected project_id, group_id, id, found project_id, id',
      'stops: group_members, PARTITION BY: expected none, found project_id',
      'stops: identity_decisions, the table: expected ReplacingMergeTree, found none',
      'warns: group_members, PRIMARY KEY: expected project_id, group_id, id, found project_id, id',
      'warns: group_members, TTL: expected retain_until, found none',
    ]);
    expect(await found()).toEqual([]);
  });
});

it('goes on inserting where an operator added a column to each table', async () => {
  const { storeEvents } = await import('../../test/store-events.ts');
  for (const table of ['events', 'sessions']) await run(`ALTER TABLE ${table} ADD COLUMN mine String FIRST`);
  await storeEvents(open.store, { projectId: 'prj_added', partition: 1 }, [{}]);
  expect(await read("SELECT count() FROM sessions WHERE project_id = 'prj_added'")).toBe('1');
  for (const table of ['events', 'sessions']) await run(`ALTER TABLE ${table} DROP COLUMN mine`);
});

it('knows the tables of a node of a cluster', () => {
  const expected = readExpectedTables({ name: 'main', database: 'default' });
  expect(expected['events']).toMatchObject({ engine: 'Distributed', order_by: '', columns: { event_id: 'UUID' } });
  expect(expected['events_local']).toMatchObject({
    engine: 'ReplicatedReplacingMergeTree',
    ttl: 'retain_until',
    columns: expected['events']?.columns,
  });
  expect(compareTables(expected, expected)).toEqual([]);
});

it('takes the engine of a service that keeps its own replicas, and other blanks and backticks', () => {
  const expected = readExpectedTables(null);
  const spelt = JSON.parse(
    JSON.stringify(expected)
      .replaceAll('"ReplacingMergeTree"', '"SharedReplacingMergeTree"')
      .replaceAll('max_dynamic_paths = 256', 'max_dynamic_paths=256'),
  );
  expect(spelt).not.toEqual(expected);
  expect(compareTables(expected, spelt)).toEqual([]);
});
