import { expect, it } from 'vitest';
import { toTimeseries } from './timeseries.ts';

const question = {
  question: 'timeseries',
  from: '2026-05-01T00:00:00Z',
  to: '2026-05-02T00:00:00+02:00',
  interval: 'day',
  timezone: 'Europe/Berlin',
  filters: [],
  limit: 31,
} as const;

it('joins what was counted to every interval of the time asked', () => {
  expect(toTimeseries('prj_a', { ...question, filters: [] })).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 31,
        "project": "prj_a",
        "step": 43200000,
        "timezone": "Europe/Berlin",
        "to": 1777672800000,
      },
      "sql": "
    SELECT time, events, visitors, sessions
    FROM (
        SELECT arrayJoin(arrayDistinct(arrayMap(
            step -> toDateTime64(toStartOfDay(fromUnixTimestamp64Milli(least({from:Int64} + step * {step:Int64}, {to:Int64} - 1)), {timezone:String}), 0, {timezone:String}),
            range(toUInt64(ceil(({to:Int64} - {from:Int64}) / {step:Int64})) + 1)))) AS time
    ) AS intervals
    LEFT JOIN (
        SELECT toDateTime64(toStartOfDay(timestamp, {timezone:String}), 0, {timezone:String}) AS time, count() AS events, uniqIf(if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)), person_key_hash != cityHash64('')) AS visitors, uniqIf(cityHash64(person_key_hash, session_id), person_key_hash != cityHash64('')) AS sessions
        FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
        GROUP BY time
    ) AS counted USING (time)
    ORDER BY time
    LIMIT {limit:UInt32}",
    }
  `);
});

it('groups by a field, which goes as a parameter', () => {
  expect(
    toTimeseries('prj_a', { ...question, filters: [], interval: 'week', by: "properties.a' b" }),
  ).toMatchInlineSnapshot(`
    {
      "params": {
        "by_path": "a' b",
        "from": 1777593600000,
        "limit": 31,
        "project": "prj_a",
        "timezone": "Europe/Berlin",
        "to": 1777672800000,
      },
      "sql": "
    SELECT toDateTime64(toStartOfWeek(timestamp, 1, {timezone:String}), 0, {timezone:String}) AS time, toString(getSubcolumn(properties, {by_path:String})) AS by, count() AS events, uniqIf(if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)), person_key_hash != cityHash64('')) AS visitors, uniqIf(cityHash64(person_key_hash, session_id), person_key_hash != cityHash64('')) AS sessions
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY time, by
    ORDER BY time, events DESC, by
    LIMIT {limit:UInt32}",
    }
  `);
});
