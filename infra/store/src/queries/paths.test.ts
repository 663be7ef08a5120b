import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toPaths } from './paths.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('walks each session from its first view of the start', () => {
  expect(toPaths('prj_a', questionOf('paths', { question: 'paths', ...range, start: "/it's" }))).toMatchInlineSnapshot(`
    {
      "params": {
        "depth": 3,
        "from": 1777593600000,
        "limit": 10,
        "near_from": 1777507200000,
        "near_to": 1777766400000,
        "project": "prj_a",
        "start": "/it's",
        "to": 1777680000000,
      },
      "sql": "
    SELECT step, from_path, to_path, count() AS sessions
    FROM (
        WITH arrayCompact(shown) AS pages,
            indexOf(pages, {start:String}) AS place,
            arraySlice(arrayPushBack(pages, ''), place, {depth:UInt8} + 1) AS walked
        SELECT arrayJoin(arrayMap(step -> (step, walked[step], walked[step + 1]), range(1, length(walked)))) AS move,
            move.1 AS step, move.2 AS from_path, move.3 AS to_path
        FROM (
        WITH (timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})) AS matches
        SELECT person_key_hash,
            person_key_hash != cityHash64('') AS is_session,
            countIf(matches AND user_hash = 0) AS anonymous,
            groupUniqArrayIf(user_hash, matches AND user_hash != 0) AS users,
            if(is_session, arrayConcat(if(anonymous > 0, [if(transform(person_key_hash, joins.1, joins.2) = 0, person_key_hash, transform(person_key_hash, joins.1, joins.2))], []), arrayMap(user -> if(transform(user, joins.1, joins.2) = 0, person_key_hash, transform(user, joins.1, joins.2)), users)), []) AS persons,
            countIf(matches) AS matched,
            countIf(matches AND event = 'page_view') AS matched_views,
            countIf(event = 'page_view') AS views,
            sum(toUInt64(if(if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0) > 0 AND if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0) <= 86400000, if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0), 0))) AS engaged_ms,
            toUnixTimestamp64Milli(max(timestamp)) - toUnixTimestamp64Milli(min(timestamp)) AS duration_ms,
            arrayMap(view -> view.2, arraySort(groupArrayIf((bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(timestamp) + 9007199254740992), 128), toUInt256(toUInt128(event_id))), path), event = 'page_view'))) AS shown
        FROM events FINAL
        WHERE project_id = {project:String}
          AND timestamp >= fromUnixTimestamp64Milli({near_from:Int64})
          AND timestamp < fromUnixTimestamp64Milli({near_to:Int64})
        GROUP BY person_key_hash, session_id
        HAVING matched > 0
    )
        WHERE place > 0 AND is_session
    )
    GROUP BY step, from_path, to_path
    ORDER BY step, sessions DESC, from_path, to_path
    LIMIT {limit:UInt32} BY step",
    }
  `);
});
