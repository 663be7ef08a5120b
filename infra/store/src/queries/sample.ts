import type { Statement } from '../statement.ts';

/** A sample is about as large: these many rows, or all where there are fewer. */
const sampleRows = 10_000;
/** Of the persons beyond a sample, these many rows: where one person did nearly everything, they may be all that there is to see. */
const rowsBeyond = 1_000;
/** No part of a sampled question reads on after these many rows. */
const mostRowsRead = 100_000;

/** What a sample is taken of. Days are those of the table's key, so that rows are found by it alone. */
export interface Sampled {
  readonly from: string;
  readonly to: string;
  readonly event?: string | undefined;
}

/**
 * Gives a sub-query of `column` (SQL) over a sample of the newest days: as many as hold the newest 10,000 events, and
 * of these days persons by their hash, which stands in the table's key. A day of ten million events costs little more than one of
 * ten thousand. Copies of an event may both be in it. A thousand rows of the other persons stand beside it.
 */
export function toSample(projectId: string, { from, to, event }: Sampled, column: Statement): Statement {
  const where = [
    'project_id = {project:String}',
    'day BETWEEN {first_day:Date} AND {last_day:Date}',
    ...(event === undefined ? [] : ['event = {event:String}']),
  ].join(' AND ');
  const bound = `SETTINGS max_rows_to_read = ${mostRowsRead}, read_overflow_mode = 'break', max_threads = 1, max_block_size = 8192`;
  return {
    sql: `(
    WITH
        (SELECT min(day) FROM (SELECT day FROM events WHERE ${where} ORDER BY project_id DESC, day DESC LIMIT ${sampleRows} ${bound})) AS since,
        (SELECT count() FROM events WHERE ${where} AND day >= since) AS held,
        if(held <= ${sampleRows}, 18446744073709551615, toUInt64(1.8e19 * ${sampleRows} / held)) AS last_hash
    SELECT ${column.sql}
    FROM events
    WHERE ${where} AND day >= since AND cityHash64(anonymous_id) <= last_hash
    LIMIT ${2 * sampleRows}
    ${bound}
    UNION ALL
    SELECT ${column.sql}
    FROM events
    WHERE ${where} AND day >= since AND cityHash64(anonymous_id) > last_hash
    LIMIT ${rowsBeyond}
    ${bound}
)`,
    params: {
      ...column.params,
      project: projectId,
      first_day: toDay(Date.parse(from) - dayMs),
      last_day: toDay(Date.parse(to) + dayMs),
      ...(event === undefined ? {} : { event }),
    },
  };
}

const dayMs = 24 * 60 * 60 * 1_000;

/** A day that a Date can hold: 1970 to 2149. */
function toDay(at: number): string {
  return new Date(Math.min(Math.max(at, 0), Date.UTC(2149, 0, 1))).toISOString().slice(0, 10);
}
