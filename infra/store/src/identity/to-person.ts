import type { Statement } from '../statement.ts';

/** Asks whom an id names: its person and whether it is nobody, or no row where it was never part of a claim. */
export function toPersonOfId(projectId: string, id: string): Statement {
  return {
    sql: `
SELECT person_id, is_nobody
FROM person_ids(project = {project:String})
WHERE id = {id:String}`,
    params: { project: projectId, id },
  };
}

/** Gives a person with all its ids and properties; no row where it has neither. */
export function toPerson(projectId: string, personId: string): Statement {
  return {
    sql: `
SELECT ids, is_identified, toUnixTimestamp64Milli(identified_at), properties
FROM persons(project = {project:String})
WHERE person_id = {person:String}`,
    params: { project: projectId, person: personId },
  };
}
