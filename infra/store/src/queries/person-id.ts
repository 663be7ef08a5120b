import { blockedIds } from '@px-platform/schemas';

const nobodies = blockedIds.map((id) => `'${id}'`).join(', ');

/** The id by which an event's person is looked up: its `user_id` where that names somebody, else its `anonymous_id`. */
const subject = `if(events.anonymous_id != '' AND lower(trim(BOTH ' "''' FROM events.user_id)) IN (${nobodies}), events.anonymous_id, events.user_id)`;

/**
 * The person of an event, for a question over `events`: `join` stands after `FROM events` and asks for the parameter
 * `project`, `sql` is the person's id. Who is who is asked at once, so that what a visitor did before identify is the
 * user's from then on. The event's own `user_id` comes first; where it names nobody, the `anonymous_id` and whom that
 * joined; where it is in quarantine, the `anonymous_id` alone. Costs a look-up of the project's identified ids, in memory.
 */
export const personId = {
  join: `LEFT ANY JOIN person_ids(project = {project:String}) AS person ON person.id = ${subject}`,
  sql: `multiIf(person.person_id != '', person.person_id, person.is_nobody AND events.anonymous_id != '', events.anonymous_id, ${subject})`,
} as const;
