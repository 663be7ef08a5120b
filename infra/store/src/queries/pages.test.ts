import { expect, it } from 'vitest';
import { questionOf } from '../../test/questions/question-of.ts';
import { toPages } from './pages.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

it('counts page views by path, of the pages named where some are', () => {
  expect(toPages('prj_a', questionOf('pages', { question: 'pages', ...range }), ['/a'])).toMatchInlineSnapshot(`
    {
      "params": {
        "from": 1777593600000,
        "limit": 50,
        "only": [
          "/a",
        ],
        "project": "prj_a",
        "to": 1777680000000,
      },
      "sql": "
    SELECT path, count() AS page_views, uniqIf(if(transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2) = 0, person_key_hash, transform(if(user_hash = 0, person_key_hash, user_hash), joins.1, joins.2)), person_key_hash != cityHash64('')) AS visitors, uniqIf(cityHash64(person_key_hash, session_id), person_key_hash != cityHash64('')) AS sessions
    FROM events FINAL
    WHERE project_id = {project:String}
      AND timestamp >= fromUnixTimestamp64Milli({from:Int64})
      AND timestamp < fromUnixTimestamp64Milli({to:Int64})
      AND event = 'page_view'
    GROUP BY path
    HAVING path IN {only:Array(String)}
    ORDER BY page_views DESC, path
    LIMIT {limit:UInt32}",
    }
  `);
});
