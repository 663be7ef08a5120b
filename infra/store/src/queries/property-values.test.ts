import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toPropertyValues } from './property-values.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('counts values in a sample of the newest days', () => {
  const asked = { question: 'property_values', ...range, event: "it's", search: "%'" };
  const question = questionOf('property_values', { ...asked, field: 'properties.a' });
  expect(toPropertyValues('prj_a', question)).toMatchInlineSnapshot(`
    {
      "params": {
        "event": "it's",
        "field_path": "a",
        "first_day": "2026-04-30",
        "last_day": "2026-05-03",
        "limit": 50,
        "project": "prj_a",
        "search": "%'",
      },
      "sql": "
    SELECT value, count() AS events
    FROM (
        WITH
            (SELECT min(day) FROM (SELECT day FROM events WHERE project_id = {project:String} AND day BETWEEN {first_day:Date} AND {last_day:Date} AND event = {event:String} ORDER BY project_id DESC, day DESC LIMIT 10000 SETTINGS max_rows_to_read = 100000, read_overflow_mode = 'break', max_threads = 1, max_block_size = 8192)) AS since,
            (SELECT count() FROM events WHERE project_id = {project:String} AND day BETWEEN {first_day:Date} AND {last_day:Date} AND event = {event:String} AND day >= since) AS held,
            if(held <= 10000, 18446744073709551615, toUInt64(1.8e19 * 10000 / held)) AS last_hash
        SELECT toString(getSubcolumn(properties, {field_path:String})) AS value
        FROM events
        WHERE project_id = {project:String} AND day BETWEEN {first_day:Date} AND {last_day:Date} AND event = {event:String} AND day >= since AND cityHash64(anonymous_id) <= last_hash
        LIMIT 20000
        SETTINGS max_rows_to_read = 100000, read_overflow_mode = 'break', max_threads = 1, max_block_size = 8192
        UNION ALL
        SELECT toString(getSubcolumn(properties, {field_path:String})) AS value
        FROM events
        WHERE project_id = {project:String} AND day BETWEEN {first_day:Date} AND {last_day:Date} AND event = {event:String} AND day >= since AND cityHash64(anonymous_id) > last_hash
        LIMIT 1000
        SETTINGS max_rows_to_read = 100000, read_overflow_mode = 'break', max_threads = 1, max_block_size = 8192
    )
    WHERE value != '' AND positionCaseInsensitiveUTF8(value, {search:String}) > 0
    GROUP BY value
    ORDER BY events DESC, value
    LIMIT {limit:UInt32}",
    }
  `);
});
