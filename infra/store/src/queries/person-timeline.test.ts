import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toPersonTimeline } from './person-timeline.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('lists what one person did, newest first', () => {
  expect(
    toPersonTimeline(
      'prj_a',
      questionOf('person_timeline', { question: 'person_timeline', ...range, person: "o'brien" }),
    ),
  ).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 100,
        "person": "o'brien",
        "project": "prj_a",
        "to": 1777680000000,
      },
      "sql": "
    SELECT timestamp, received_at, stored_at, event, event_id, anonymous_id, user_id, session_id, host, path, title, referrer_host, channel, browser, os, device, country, region, city, is_bot, properties, traits
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
      AND (person_key_hash IN (SELECT arrayJoin(arrayPushBack(arrayFilter((id, person) -> person = if(transform(cityHash64({person:String}), joins.1, joins.2) = 0, cityHash64({person:String}), transform(cityHash64({person:String}), joins.1, joins.2)), joins.1, joins.2), if(transform(cityHash64({person:String}), joins.1, joins.2) = 0, cityHash64({person:String}), transform(cityHash64({person:String}), joins.1, joins.2))))) OR user_hash IN (SELECT arrayJoin(arrayPushBack(arrayFilter((id, person) -> person = if(transform(cityHash64({person:String}), joins.1, joins.2) = 0, cityHash64({person:String}), transform(cityHash64({person:String}), joins.1, joins.2)), joins.1, joins.2), if(transform(cityHash64({person:String}), joins.1, joins.2) = 0, cityHash64({person:String}), transform(cityHash64({person:String}), joins.1, joins.2))))))
      AND if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)) = if(transform(cityHash64({person:String}), joins.1, joins.2) = 0, cityHash64({person:String}), transform(cityHash64({person:String}), joins.1, joins.2))
    ORDER BY timestamp DESC, toUInt128(event_id) DESC
    LIMIT {limit:UInt32}",
    }
  `);
});
