import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventColumnsRead } from './events.ts';
import { eventRows, person } from './measures.ts';
import { toWhere } from './where.ts';

/** The person of the id asked for, as a hash. */
const asked =
  'if(transform(cityHash64({person:String}), joins.1, joins.2) = 0, cityHash64({person:String}), transform(cityHash64({person:String}), joins.1, joins.2))';
/** All ids of that person, so that rows are found by their indexes. */
const ids = `(SELECT arrayJoin(arrayPushBack(arrayFilter((id, person) -> person = ${asked}, joins.1, joins.2), ${asked})))`;

/**
 * Gives what one person did, the newest first, with the columns that a person reads. `person` is any id of theirs: what was
 * done under the others is given too.
 */
export function toPersonTimeline(projectId: string, question: QuestionOf<'person_timeline'>): Statement {
  const where = toWhere(projectId, question);
  return {
    sql: `
SELECT ${eventColumnsRead}
FROM ${eventRows}
${where.sql}
  AND (person_key_hash IN ${ids} OR user_hash IN ${ids})
  AND ${person} = ${asked}
ORDER BY timestamp DESC, toUInt128(event_id) DESC
LIMIT {limit:UInt32}`,
    params: { ...where.params, person: question.person, limit: question.limit },
  };
}
