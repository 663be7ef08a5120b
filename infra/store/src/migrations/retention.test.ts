import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { openEmbeddedTestStore } from '../../test/open-test-store.ts';

const opening = openEmbeddedTestStore();
afterAll(async () => (await opening).store.close());

async function run(sql: string): Promise<void> {
  await (await opening).engine.run({ sql, params: {} });
}
async function read(sql: string): Promise<unknown[][]> {
  return (await (await opening).engine.ask({ sql, params: {} })).rows;
}

const tables = ['events', 'sessions', 'dead_letters', 'identity_claims', 'identity_properties', 'group_members'];

/** Puts a row of each project into a table: its days stand as SQL, all else but the table's key has its default. */
async function fill(table: string, days: Readonly<Record<string, string>>): Promise<void> {
  const key = table === 'dead_letters' ? ', log' : '';
  const rows = Object.entries(days).map(([project, day]) => `('${project}', ${day}${key && `, '${project}'`})`);
  await run(`TRUNCATE TABLE ${table}`);
  await run(`INSERT INTO ${table} (project_id, retain_until${key}) VALUES ${rows.join(', ')}`);
}

it.each(tables)('%s keeps a row to its own day, whatever its neighbours in the part have', async (table) => {
  await fill(table, { gone: 'today() - 1', last: 'today() + 1', long: 'today() + 395' });
  await run(`OPTIMIZE TABLE ${table} FINAL`);
  expect(await read(`SELECT project_id FROM ${table} ORDER BY project_id`)).toEqual([['last'], ['long']]);
});

it('a dead letter that names no day goes 90 days after it came', async () => {
  await run('TRUNCATE TABLE dead_letters');
  await run(`INSERT INTO dead_letters (project_id, log, received_at)
VALUES ('gone', 'a', now() - INTERVAL 91 DAY), ('kept', 'b', now() - INTERVAL 89 DAY)`);
  await run('OPTIMIZE TABLE dead_letters FINAL');
  expect(await read('SELECT project_id FROM dead_letters')).toEqual([['kept']]);
});

it('a retention that was changed holds for stored rows once their day is set anew, as the docs say', async () => {
  const docs = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  const [, block = ''] = /```sql\n(ALTER TABLE events UPDATE retain_until[^`]*)```/.exec(docs) ?? [];
  const statements = block.split(';').map((one) => one.trim());
  for (const table of tables) await fill(table, { prj_1: 'today() + 395', prj_2: 'today() + 395' });
  for (const sql of statements.filter((one) => one !== '')) {
    await run(`${sql.replaceAll('prj_...', 'prj_1')} SETTINGS mutations_sync = 1`);
  }
  for (const table of tables) {
    await run(`OPTIMIZE TABLE ${table} FINAL`);
    expect([table, await read(`SELECT project_id FROM ${table}`)]).toEqual([table, [['prj_2']]]);
  }
});
