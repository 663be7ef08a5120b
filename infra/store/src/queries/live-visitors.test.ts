import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toLiveVisitors } from './live-visitors.ts';

const now = Date.UTC(2026, 4, 1);

it('counts persons by what they did last', () => {
  const question = questionOf('live_visitors', { question: 'live_visitors', by: 'path' });
  expect(toLiveVisitors('prj_a', question, now)).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593300000,
        "limit": 20,
        "project": "prj_a",
        "to": 1777593660001,
      },
      "sql": "
    SELECT by, count() AS visitors, sum(own_sessions) AS sessions, sum(own_events) AS events
    FROM (
        SELECT argMax(toString(path), bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(timestamp) + 9007199254740992), 128), toUInt256(toUInt128(event_id)))) AS by, uniq(session_id) AS own_sessions, count() AS own_events
        FROM events FINAL
        WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
          AND person_key_hash != cityHash64('')
        GROUP BY if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2))
    )
    GROUP BY by
    ORDER BY visitors DESC, by
    LIMIT {limit:UInt32}",
    }
  `);
});

it('counts persons', () => {
  const question = questionOf('live_visitors', { question: 'live_visitors', minutes: 1 });
  expect(toLiveVisitors('prj_a', question, now).sql).toMatchInlineSnapshot(`
    "
    SELECT count() AS visitors, sum(own_sessions) AS sessions, sum(own_events) AS events
    FROM (
        SELECT uniq(session_id) AS own_sessions, count() AS own_events
        FROM events FINAL
        WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
          AND person_key_hash != cityHash64('')
        GROUP BY if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2))
    )"
  `);
});
