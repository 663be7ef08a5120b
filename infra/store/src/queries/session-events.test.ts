import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toSessionEvents } from './session-events.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('lists what happened in a session, in order', () => {
  expect(
    toSessionEvents(
      'prj_a',
      questionOf('session_events', {
        question: 'session_events',
        ...range,
        session_id: '0190aaaa-bbbb-7ccc-8ddd-00000000aaaa',
      }),
    ),
  ).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 1000,
        "project": "prj_a",
        "session_id": "0190aaaa-bbbb-7ccc-8ddd-00000000aaaa",
        "to": 1777680000000,
      },
      "sql": "
    SELECT timestamp, received_at, stored_at, event, event_id, anonymous_id, user_id, session_id, host, path, title, referrer_host, channel, browser, os, device, country, region, city, is_bot, properties, traits
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
      AND session_id = {session_id:UUID}
    ORDER BY timestamp, toUInt128(event_id)
    LIMIT {limit:UInt32}",
    }
  `);
});
