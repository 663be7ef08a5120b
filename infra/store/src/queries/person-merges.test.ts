import { expect, it } from 'vitest';
import { toPersonMerges } from './person-merges.ts';

it('asks for an id on both sides of a merge, as a parameter', () => {
  expect(toPersonMerges('prj_a', "' OR 1", 7)).toEqual({
    sql: `
SELECT toUnixTimestamp64Milli(at), id, user_id, source, event_id, outcome
FROM person_merges(project = {project:String})
WHERE id = {id:String} OR user_id = {id:String}
ORDER BY at DESC, event_id
LIMIT {limit:UInt32}`,
    params: { project: 'prj_a', id: "' OR 1", limit: 7 },
  });
});
