import { expect, it } from 'vitest';
import { toEvents } from './events.ts';

it('lists the columns that a person reads, newest first', () => {
  const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
  const question = { question: 'events', ...range, timezone: 'UTC', filters: [], limit: 100 } as const;
  expect(toEvents('prj_a', { ...question, filters: [] })).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 100,
        "project": "prj_a",
        "to": 1777680000000,
      },
      "sql": "
    SELECT timestamp, received_at, stored_at, event, event_id, anonymous_id, user_id, session_id, host, path, title, referrer_host, channel, browser, os, device, country, region, city, is_bot, properties, traits
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
    ORDER BY timestamp DESC, event_id
    LIMIT {limit:UInt32}",
    }
  `);
});
