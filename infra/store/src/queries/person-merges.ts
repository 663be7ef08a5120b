import type { Statement } from '../statement.ts';

/** Gives what was said of one id, or of whom it was said to be, and what came of it: the newest first. */
export function toPersonMerges(projectId: string, id: string, limit: number): Statement {
  return {
    sql: `
SELECT toUnixTimestamp64Milli(at), id, user_id, source, event_id, outcome
FROM person_merges(project = {project:String})
WHERE id = {id:String} OR user_id = {id:String}
ORDER BY at DESC, event_id
LIMIT {limit:UInt32}`,
    params: { project: projectId, id, limit },
  };
}
