import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toSources } from './sources.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('counts sessions by a field of their first event', () => {
  expect(
    toSources('prj_a', questionOf('sources', { question: 'sources', ...range, by: 'utm_source' })),
  ).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 50,
        "near_from": 1777507200000,
        "near_to": 1777766400000,
        "project": "prj_a",
        "to": 1777680000000,
      },
      "sql": "
    SELECT source, uniqArray(persons) AS visitors, countIf(is_session) AS sessions, sum(matched_views) AS page_views, ifNotFinite(avgIf(views <= 1 AND engaged_ms < 10000, is_session), 0) AS bounce_rate01, ifNotFinite(avgIf(duration_ms, is_session), 0) AS mean_duration_ms
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
            argMin(toString(utm_source), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(timestamp) + 9007199254740992), 128), toUInt256(toUInt128(event_id)))) AS source
        FROM events FINAL
        WHERE project_id = {project:String}
          AND timestamp >= fromUnixTimestamp64Milli({near_from:Int64})
          AND timestamp < fromUnixTimestamp64Milli({near_to:Int64})
        GROUP BY person_key_hash, session_id
        HAVING matched > 0
    )
    WHERE is_session
    GROUP BY source
    ORDER BY sessions DESC, source
    LIMIT {limit:UInt32}",
    }
  `);
});
