import { readMigrations } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { deriveSessions } from './derive-sessions.ts';

const batch = { logId: 'log-a', partition: 3, firstOffset: 7, lastOffset: 9, rows: [] };

it('reads the range back that was stored, by parameters', () => {
  const { sql, params } = deriveSessions(batch);
  expect(sql).toContain(
    "FROM events\nWHERE _log = {log:String} AND _partition = {partition:UInt16} AND _offset BETWEEN {first:UInt64} AND {last:UInt64}\n  AND person_key != ''\nGROUP BY",
  );
  expect(params).toEqual({ log: 'log-a', partition: 3, first: 7, last: 9 });
});

/** A time that is no finite number makes the engine refuse all rows, and was mended after the migration. */
const mended = `AS told_ms,
    told_ms > 0 AND told_ms <= 86400000 AS is_engaged,
    if(is_engaged, told_ms, 0) AS engaged_ms`;
const before = `AS engaged_ms,
    engaged_ms > 0 AND engaged_ms <= 86400000 AS is_engaged`;

it('derives as the migration did that filled the table', () => {
  const fill = readMigrations()
    .flatMap(({ statements }) => statements)
    .find((statement) => statement.startsWith('INSERT INTO sessions\n'));
  const toColumns = (sql: string | undefined): string | undefined =>
    sql
      ?.trim()
      .replace(/^INSERT INTO sessions .*/, 'INSERT INTO sessions')
      .split('\nFROM events\n', 1)[0];
  expect(toColumns(fill)).toBe(toColumns(deriveSessions(batch).sql)?.replace(mended, before));
});
