import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventRow, eventColumns, readMigrations } from '@px-platform/schemas';
import { afterAll, expect, it } from 'vitest';
import { sampleId, sampleRow } from '../test/sample-row.ts';
import { toSessionRows } from '../test/session-reference.ts';
import { toRowLines } from '../test/to-row-lines.ts';
import { createClickHouseEventStore } from './clickhouse-event-store.ts';
import { connectEmbedded } from './connect-embedded.ts';
import { insertLinesSql } from './insert-rows.ts';
import { migrate } from './migrate.ts';

const path = mkdtempSync(join(tmpdir(), 'px-migrate-sessions-'));
const engine = connectEmbedded(path);
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const options = { clock: () => Date.UTC(2026, 4, 1), isSole: true };
const migrations = readMigrations();
const byDay = migrations.findIndex(({ name }) => name.endsWith('_sessions_by_day'));
const start = Date.UTC(2026, 4, 1, 23, 50);
const rows: EventRow[] = Array.from({ length: 60 }, (_, at) =>
  sampleRow({
    event: at % 3 === 0 ? 'scroll' : 'page_view',
    event_id: sampleId(at),
    session_id: sampleId(1_000 + (at % 4)),
    person_key: `person-${at % 2}`,
    timestamp: start + at * 30_000,
    path: `/${at}`,
    properties: at % 3 === 0 ? { engaged_ms: at * 10 } : { plan: 'pro' },
    _offset: at,
  }),
);

async function read(): Promise<Record<string, unknown>[]> {
  const sql = `SELECT * FROM sessions_v ORDER BY person_key, start_at, session_id
SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0`;
  const answer = await engine.ask({ sql, params: {} });
  return answer.rows.map((row) => Object.fromEntries(answer.columns.map((column, at) => [column, row[at]])));
}

it('makes the sessions of a store that had them by id anew from its events, wherever it breaks off', async () => {
  expect(byDay).toBeGreaterThan(0);
  await migrate(engine, { ...options, migrations: migrations.slice(0, byDay) });
  // The columns that later migrations add have their defaults.
  const described = await engine.ask({ sql: 'DESCRIBE TABLE events', params: {} });
  const there = new Set(described.rows.map(([name]) => name));
  const columns = eventColumns.filter((column) => there.has(column));
  const lines = toRowLines(rows);
  const data = lines.map((line) => {
    const values: unknown[] = JSON.parse(line);
    return JSON.stringify(values.filter((_, at) => there.has(eventColumns[at])));
  });
  await engine.insert(insertLinesSql('events', columns, 'first'), data.join('\n'));
  const oldSessions = `INSERT INTO sessions SELECT project_id, session_id, any(person_key), min(timestamp), max(timestamp),
    uniqExactState(event_id), uniqExactIfState(event_id, toUInt8(event = 'page_view')), argMinState(path, timestamp),
    argMaxState(path, timestamp), argMinState(CAST(channel, 'String'), timestamp), argMinState(CAST(country, 'String'), timestamp),
    argMinState(CAST(device, 'String'), timestamp), max(retain_until) FROM events GROUP BY project_id, session_id`;
  await engine.run({ sql: oldSessions, params: {} });

  const whole = migrations[byDay];
  if (whole === undefined) throw new Error('there is no such migration');
  for (let done = 0; done <= whole.statements.length; done += 1) {
    const broken = { ...whole, statements: [...whole.statements.slice(0, done), 'SELECT * FROM nowhere'] };
    const breaking = migrate(engine, { ...options, migrations: [...migrations.slice(0, byDay), broken] });
    await expect(breaking).rejects.toMatchObject({ code: 'migration_failed' });
  }
  await migrate(engine, { ...options, migrations });
  expect(await read()).toEqual(toSessionRows(rows));

  const store = createClickHouseEventStore(engine);
  await store.insert({ logId: 'log-a', partition: 0, firstOffset: 0, lastOffset: 59, rows: [] });
  expect(await read()).toEqual(toSessionRows(rows));
});
