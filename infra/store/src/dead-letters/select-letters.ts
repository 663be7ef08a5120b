import type { DeadLetter } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import type { LetterRange } from './dead-letter-store.ts';
import type { LetterCursor } from './letter-cursor.ts';

/** Payloads of a page, as base64: it crosses from one process to another in one message. */
const maxPageBytes = 8 * 1024 * 1024;

const order = 'stored_at, log, `partition`, `offset`, `index`, reason';

/** Gives a page of letters, the longest stored first, each with `at`, when it was stored (epoch ms). */
export function selectLetters(range: LetterRange, cursor: LetterCursor, limit: number): Statement {
  const where = toWhere(range, cursor);
  return {
    sql: `
SELECT project_id, reason, stage, message, log, \`partition\`, \`offset\`, \`index\`, received_at, payload,
    toUnixTimestamp64Milli(stored_at) AS at
FROM
(
    SELECT *, sum(length(payload)) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - length(payload) AS bytes_before
    FROM (SELECT * FROM dead_letters FINAL ${where.sql} ORDER BY ${order} LIMIT {limit:UInt32})
)
WHERE bytes_before < ${maxPageBytes}
ORDER BY ${order}
SETTINGS output_format_json_quote_64bit_integers = 0`,
    params: { ...where.params, limit },
  };
}

/** Counts the letters behind a cursor. */
export function countLetters(range: LetterRange, cursor: LetterCursor): Statement {
  const { sql, params } = toWhere(range, cursor);
  return { sql: `SELECT toString(count()) FROM dead_letters FINAL ${sql}`, params };
}

/** Takes letters away, all copies of each. */
export function deleteLetters(letters: readonly DeadLetter[]): Statement {
  return {
    sql: `
DELETE FROM dead_letters
WHERE has(arrayZip({logs:Array(String)}, {partitions:Array(UInt16)}, {offsets:Array(UInt64)}, {indexes:Array(Int32)}, {reasons:Array(String)}),
    (toString(log), \`partition\`, \`offset\`, \`index\`, toString(reason)))`,
    params: {
      logs: letters.map((letter) => letter.log),
      partitions: letters.map((letter) => letter.partition),
      offsets: letters.map((letter) => letter.offset),
      indexes: letters.map((letter) => letter.index),
      reasons: letters.map((letter) => letter.reason),
    },
  };
}

function toWhere({ projectId, from, to }: LetterRange, cursor: LetterCursor): Statement {
  return {
    sql: `
WHERE received_at >= fromUnixTimestamp64Milli({from:Int64}) AND received_at < fromUnixTimestamp64Milli({to:Int64})
  AND stored_at <= fromUnixTimestamp64Milli({until:Int64})${projectId === null ? '' : '\n  AND project_id = {project:String}'}
  AND (${order}) > (fromUnixTimestamp64Milli({at:Int64}), {log:String}, {partition:UInt16}, {offset:UInt64}, {index:Int32}, {reason:String})`,
    params: { from, to, ...cursor, ...(projectId === null ? {} : { project: projectId }) },
  };
}
