import { expect, it } from 'vitest';
import { toBreakdown } from './breakdown.ts';

const common = {
  question: 'breakdown',
  from: '2026-05-01T00:00:00Z',
  to: '2026-05-02T00:00:00Z',
  timezone: 'UTC',
  limit: 50,
} as const;

it('groups by a column', () => {
  expect(toBreakdown('prj_a', { ...common, filters: [], by: 'country' })).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 50,
        "project": "prj_a",
        "to": 1777680000000,
      },
      "sql": "
    SELECT toString(country) AS by, count() AS events, uniqIf(if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)), person_key_hash != cityHash64('')) AS visitors, uniqIf(cityHash64(person_key_hash, session_id), person_key_hash != cityHash64('')) AS sessions
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
    GROUP BY by
    ORDER BY events DESC, by
    LIMIT {limit:UInt32}",
    }
  `);
});

it('groups by a property, whose path goes as a parameter', () => {
  const question = { ...common, filters: [], by: "properties.a') OR 1=1 --", event: 'signup' };
  expect(toBreakdown('prj_a', question)).toMatchInlineSnapshot(`
    {
      "params": {
        "by_path": "a') OR 1=1 --",
        "event": "signup",
        "from": 1777593600000,
        "limit": 50,
        "project": "prj_a",
        "to": 1777680000000,
      },
      "sql": "
    SELECT toString(getSubcolumn(properties, {by_path:String})) AS by, count() AS events, uniqIf(if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)), person_key_hash != cityHash64('')) AS visitors, uniqIf(cityHash64(person_key_hash, session_id), person_key_hash != cityHash64('')) AS sessions
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
      AND event = {event:String}
    GROUP BY by
    ORDER BY events DESC, by
    LIMIT {limit:UInt32}",
    }
  `);
});
