import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequestIds } from '@px-platform/runtime';
import { type EventRow, eventColumns, readMigrations } from '@px-platform/schemas';
import { afterAll, expect, it } from 'vitest';
import { sampleId, sampleRow } from '../test/sample-row.ts';
import { toRowLines } from '../test/to-row-lines.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import { connectEmbedded } from './connect-embedded.ts';
import { insertLinesSql } from './insert-rows.ts';
import { migrate } from './migrate.ts';

const path = mkdtempSync(join(tmpdir(), 'px-migrate-told-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const options = { clock: () => Date.UTC(2026, 4, 1), isSole: true };
const migrations = readMigrations();
const first = migrations.findIndex(({ name }) => name.endsWith('_own_columns'));
/** Of before: without what came later. */
const firstColumns = eventColumns.filter((column) => column !== '_partition_count');

/** Who has an id, a server's user, a visitor counted without consent, nobody; pages that are told by their parts, and others. */
const kinds: Partial<EventRow>[] = [
  {
    anonymous_id: 'anna',
    person_key: 'anna',
    request_id: createRequestIds(() => sampleRow({}).received_at)(),
    url: 'https://a.example/x?y=1',
    host: 'a.example',
    path: '/x',
    search: '?y=1',
  },
  {
    anonymous_id: 'anna',
    user_id: 'u1',
    person_key: 'other',
    url: 'http://a.example/x',
    host: 'a.example',
    path: '/x',
  },
  { anonymous_id: '', user_id: 'u1', person_key: 'u1', url: '', host: '', path: '/x' },
  { anonymous_id: '', person_key: 'visitor-of-the-day', url: '/x', host: '', path: '/x' },
  { anonymous_id: '', person_key: '', url: 'https://a.example:81/x#y', host: 'a.example', path: '/x' },
];
const toRows = (from: number): EventRow[] =>
  kinds.map((own, at) => sampleRow({ event_id: sampleId(from + at), _offset: from + at, ...own }));

async function read(): Promise<unknown[][]> {
  const told = 'person_key, toString(cityHash64(person_key)), toString(person_key_hash), url, request_id';
  const sql = `SELECT ${told} FROM events FINAL ORDER BY _offset`;
  return (await engine.ask({ sql, params: {} })).rows;
}

it('reads rows from before as they were stored, and rows from after the same, wherever it breaks off', async () => {
  expect(first).toBeGreaterThan(0);
  await migrate(engine, { ...options, migrations: migrations.slice(0, first) });
  await engine.insert(insertLinesSql('events', firstColumns, 'before'), toRowLines(toRows(0), firstColumns).join('\n'));
  const before = await read();
  expect(before.map(([key, , , url, id]) => [key, url, id])).toEqual(
    toRows(0).map((row) => [row.person_key, row.url, row.request_id]),
  );

  const nowhere = { message: expect.stringContaining('nowhere') };
  // A purge that was killed goes on when the store is opened; ClickHouse renames nothing that a change of rows under way reads.
  const purge = "DELETE WHERE sleepEachRow(0.2) = 0 AND person_key = 'nobody' SETTINGS mutations_sync = 0";
  await engine.run({ sql: `ALTER TABLE events ${purge}, allow_nondeterministic_mutations = 1`, params: {} });
  for (const [place, whole] of migrations.entries()) {
    if (place < first) continue;
    for (let done = 0; done <= whole.statements.length; done += 1) {
      const broken = { ...whole, statements: [...whole.statements.slice(0, done), 'SELECT * FROM nowhere'] };
      const breaking = migrate(engine, { ...options, migrations: [...migrations.slice(0, place), broken] });
      await expect(breaking).rejects.toMatchObject({ code: 'migration_failed', cause: { cause: nowhere } });
    }
    await migrate(engine, { ...options, migrations: migrations.slice(0, place + 1) });
  }
  expect(await read()).toEqual(before);

  const store = createClickHouseEventStore(engine);
  await store.insert({ logId: 'log-a', partition: 0, firstOffset: 10, lastOffset: 14, rows: toRows(10) });
  expect(await read()).toEqual([...before, ...before]);
  // What merges and changes of rows write anew is told by the same columns.
  await engine.run({ sql: 'OPTIMIZE TABLE events FINAL', params: {} });
  expect(await read()).toEqual([...before, ...before]);
  const sql = "ALTER TABLE events DELETE WHERE person_key IN ('u1', '') SETTINGS mutations_sync = 2";
  await engine.run({ sql, params: {} });
  expect((await read()).map(([key]) => key)).toEqual([
    'anna',
    'other',
    'visitor-of-the-day',
    'anna',
    'other',
    'visitor-of-the-day',
  ]);
});
