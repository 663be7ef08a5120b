import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toRetention } from './retention.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('asks who came back, of those who came first in the time asked', () => {
  expect(
    toRetention('prj_a', questionOf('retention', { question: 'retention', ...range, start_event: 'signup' })),
  ).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "periods": 12,
        "project": "prj_a",
        "start_event": "signup",
        "timezone": "UTC",
        "to": 1777680000000,
      },
      "sql": "
    SELECT cohort, period, cohort_visitors, if(period = 0, cohort_visitors, returned[period]) AS visitors, visitors / cohort_visitors AS rate01
    FROM (
        SELECT arrayJoin(cohorts) AS cohort, count() AS cohort_visitors,
            sumForEach(arrayMap(period -> toUInt64(has(returns, addWeeks(cohort, period))), range(1, {periods:UInt16} + 1))) AS returned
        FROM (
            SELECT if(countIf(event = {start_event:String}) > 0 AND minIf(timestamp, event = {start_event:String}) >= fromUnixTimestamp64Milli({from:Int64}), [minIf(toStartOfWeek(toDate32(toTimeZone(timestamp, {timezone:String})), 1), event = {start_event:String})], []) AS cohorts, groupUniqArrayIf(toStartOfWeek(toDate32(toTimeZone(timestamp, {timezone:String})), 1), true AND timestamp >= fromUnixTimestamp64Milli({from:Int64})) AS returns
            FROM events FINAL
            WHERE project_id = {project:String}
              AND person_key_hash != cityHash64('')
              AND timestamp < fromUnixTimestamp64Milli({to:Int64})
              AND (event = {start_event:String} OR (true AND timestamp >= fromUnixTimestamp64Milli({from:Int64})))
            GROUP BY if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2))
        )
        GROUP BY cohort
    )
    ARRAY JOIN range({periods:UInt16} + 1) AS period
    WHERE addWeeks(cohort, period) <= toDate32(toTimeZone(fromUnixTimestamp64Milli({to:Int64} - 1), {timezone:String}))
    ORDER BY cohort, period",
    }
  `);
});

it('asks who came back, of all who came, in months', () => {
  const question = { question: 'retention', ...range, cohort: 'recurring', interval: 'month', return_event: 'paid' };
  expect(toRetention('prj_a', questionOf('retention', question)).sql).toMatchInlineSnapshot(`
    "
    SELECT cohort, period, cohort_visitors, if(period = 0, cohort_visitors, returned[period]) AS visitors, visitors / cohort_visitors AS rate01
    FROM (
        SELECT arrayJoin(cohorts) AS cohort, count() AS cohort_visitors,
            sumForEach(arrayMap(period -> toUInt64(has(returns, addMonths(cohort, period))), range(1, {periods:UInt16} + 1))) AS returned
        FROM (
            SELECT groupUniqArrayIf(toStartOfMonth(toDate32(toTimeZone(timestamp, {timezone:String}))), true) AS cohorts, groupUniqArrayIf(toStartOfMonth(toDate32(toTimeZone(timestamp, {timezone:String}))), event = {return_event:String} AND timestamp >= fromUnixTimestamp64Milli({from:Int64})) AS returns
            FROM events FINAL
            WHERE project_id = {project:String}
              AND person_key_hash != cityHash64('')
              AND timestamp < fromUnixTimestamp64Milli({to:Int64})
              AND (true OR event = {return_event:String}) AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
            GROUP BY if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2))
        )
        GROUP BY cohort
    )
    ARRAY JOIN range({periods:UInt16} + 1) AS period
    WHERE addMonths(cohort, period) <= toDate32(toTimeZone(fromUnixTimestamp64Milli({to:Int64} - 1), {timezone:String}))
    ORDER BY cohort, period"
  `);
});
