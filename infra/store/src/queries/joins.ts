import type { Statement } from '../statement.ts';

/** Gives a row where anything was ever said of who is who in a project, else none. */
export function toIsIdentified(projectId: string): Statement {
  return {
    sql: 'SELECT 1 FROM identity_claims WHERE project_id = {project:String} LIMIT 1',
    params: { project: projectId },
  };
}

/**
 * Gives the WITH that a question about persons begins with: `joins`, the ids that are another's and whose they are, as two
 * arrays of hashes, the last of each a 0 that stands for itself. Read once a statement; where nothing was said, nothing is read.
 */
export function toJoins(isIdentified: boolean): string {
  if (!isIdentified) return 'WITH ([toUInt64(0)], [toUInt64(0)]) AS joins';
  return `WITH (SELECT (arrayPushBack(groupArray(id_hash), 0), arrayPushBack(groupArray(person_hash), 0)) FROM person_joins(project = {project:String})) AS joins`;
}
