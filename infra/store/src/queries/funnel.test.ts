import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toFunnel } from './funnel.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
const steps = [{ event: "it's", filters: [{ field: 'properties.a', op: 'is_set' }] }, { event: 'b' }];

it('folds the events of each person into chains; steps, filters and fields go as parameters', () => {
  const question = questionOf('funnel', { question: 'funnel', ...range, steps, by: 'properties.plan' });
  expect(toFunnel('prj_a', question)).toMatchInlineSnapshot(`
    {
      "params": {
        "by_path": "plan",
        "events": [
          "it's",
          "b",
        ],
        "from": 1777593600000,
        "limit": 10,
        "project": "prj_a",
        "step0": "it's",
        "step0_filter0_path": "a",
        "step1": "b",
        "to": 1777680000000,
        "window_ms": 86400000,
      },
      "sql": "
    SELECT by, step, {events:Array(String)}[step] AS event, reached[step] AS visitors,
        ifNotFinite(reached[step] / reached[1], 0) AS rate01,
        ifNotFinite(reached[step] / reached[greatest(step - 1, 1)], 0) AS step_rate01,
        if(step = 1 OR reached[step] = 0, NULL, medians[step]) AS median_ms
    FROM (
        SELECT by, arrayResize(sumForEach(arrayMap(ms -> toUInt64(ms >= 0), times)), 2) AS reached,
            [quantileExactIf(0.5)(times[1], times[1] >= 0), quantileExactIf(0.5)(times[2], times[2] >= 0)] AS medians
        FROM (
            WITH if(second = 0, [], arraySort(codes)) AS walked,
                arrayMap(code -> toInt64(bitShiftRight(code, 20)), walked) AS at,
                arrayMap(code -> toUInt16(bitAnd(code, 65535)), walked) AS own,
                arrayFill(start -> start != 0, arrayMap((one, bits) -> if(bitTest(bits, 0), one, 0), at, own)) AS start0,
                arrayMap((one, bits, start) -> if(bitTest(bits, 1) AND start != 0 AND one - start <= {window_ms:Int64}, start, 0), at, own, arrayShiftRight(start0, 1, toInt64(0))) AS lead1
            SELECT argMinIf(told, bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(timestamp) + 9007199254740992), 128), toUInt256(toUInt128(event_id))), bitTest(steps, 0)) AS by,
            countIf(bitTest(steps, 1)) AS second,
                groupArray(bitOr(bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(timestamp) + 2208988800001), 20), bitShiftLeft(toUInt64(bitPositionsToArray(steps)[1]), 16)), toUInt64(steps))) AS codes,
                [toInt64(0), ifNull(arrayFirstOrNull(time -> time >= 0, arrayMap((one, start) -> if(start = 0, -1, one - start), at, lead1)), -1)] AS times
            FROM (
                SELECT timestamp, event_id, toString(getSubcolumn(properties, {by_path:String})) AS told, if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)) AS visitor, toUInt16(1 * (event = {step0:String} AND toString(getSubcolumn(properties, {step0_filter0_path:String})) != '')
                    + 2 * (event = {step1:String})) AS steps
                FROM events FINAL
                WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
                  AND event IN {events:Array(String)}
                  AND person_key_hash != cityHash64('')
            )
            WHERE steps > 0
            GROUP BY visitor
            HAVING countIf(bitTest(steps, 0)) > 0
        )
        GROUP BY by
        ORDER BY reached[1] DESC, by
        LIMIT {limit:UInt32}
    )
    ARRAY JOIN arrayEnumerate(reached) AS step
    ORDER BY reached[1] DESC, by, step",
    }
  `);
});

it('has one group where none is asked for', () => {
  const { sql, params } = toFunnel('prj_a', questionOf('funnel', { question: 'funnel', ...range, steps }));
  expect(sql).not.toContain(' by');
  expect(params).not.toHaveProperty('limit');
});
