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
    SELECT source, uniqIfMerge(persons) AS visitors, count() AS sessions, sum(matched_views) AS page_views, ifNotFinite(countIf(views = 1) / countIf(views > 0), 0) AS bounce_rate01, ifNotFinite(avg(duration_ms), 0) AS mean_duration_ms
    FROM (
        WITH (timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})) AS matches
        SELECT uniqIfState(person_key, matches) AS persons,
            countIf(matches) AS matched,
            countIf(matches AND event = 'page_view') AS matched_views,
            countIf(event = 'page_view') AS views,
            toUnixTimestamp64Milli(max(timestamp)) - toUnixTimestamp64Milli(min(timestamp)) AS duration_ms,
            argMin(toString(utm_source), (timestamp, event_id)) AS source
        FROM events FINAL
        WHERE project_id = {project:String}
          AND timestamp >= fromUnixTimestamp64Milli({near_from:Int64})
          AND timestamp < fromUnixTimestamp64Milli({near_to:Int64})
        GROUP BY person_key, session_id
        HAVING matched > 0
    )
    GROUP BY source
    ORDER BY sessions DESC, source
    LIMIT {limit:UInt32}",
    }
  `);
});
