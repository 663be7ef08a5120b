import { readMigrations } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { deriveSessions } from './derive-sessions.ts';

const range = { logId: 'log-a', partition: 3, firstOffset: 7, lastOffset: 9 };

it('reads the ranges back that were stored, by parameters', () => {
  const { sql, params } = deriveSessions([range, { ...range, partition: 4, firstOffset: 0, lastOffset: 2 }]);
  expect(sql).toContain(
    `FROM events
WHERE (_log = {log0:String} AND _partition = {partition0:UInt16} AND _offset BETWEEN {first0:UInt64} AND {last0:UInt64}
  OR _log = {log1:String} AND _partition = {partition1:UInt16} AND _offset BETWEEN {first1:UInt64} AND {last1:UInt64})
  AND person_key != ''
GROUP BY`,
  );
  expect(params).toEqual({
    ...{ log0: 'log-a', partition0: 3, first0: 7, last0: 9 },
    ...{ log1: 'log-a', partition1: 4, first1: 0, last1: 2 },
  });
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
  expect(toColumns(fill)).toBe(toColumns(deriveSessions([range]).sql)?.replace(mended, before));
});
