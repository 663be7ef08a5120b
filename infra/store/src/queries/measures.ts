/**
 * What the rows of a question are, in one place. FINAL: copies of one event that stand until a merge count once, and so
 * they do before it. What is counted may be exchanged here for all questions.
 */
export const eventRows = 'events FINAL';
/** The id that an event's person is looked up by, as a hash: its user where that is somebody, else its `person_key`. */
const subject = 'if(user_hash = 0, person_key_hash, user_hash)';
const joined = `transform(${subject}, joins.1, joins.2)`;
/**
 * Who is one visitor, as a hash: who the event's id joined; where that names nobody (0), its `person_key`. A statement that
 * names it begins with `askJoins`. Source: docs/adr/0023-persons-in-questions.md.
 */
export const person = `if(${joined} = 0, person_key_hash, ${joined})`;
/** Whether an event is anybody's: who denied analytics is nobody, and no visitor of a million visits. */
export const isPerson = "person_key_hash != cityHash64('')";
/** Visitors and sessions of a group of events; exact to 65,536 or so, beyond that within 1 %. */
export const visitors = `uniqIf(${person}, ${isPerson})`;
/** A session is one person's: an id that many persons send is a session of each. Source: docs/data-model.md. */
export const sessions = `uniqIf(person_key_hash, session_id, ${isPerson})`;
/** Whether an event shows a page. */
export const isPageView = "event = 'page_view'";
/** The order of a person's events; those of one millisecond stand in the order of their ids. */
export const eventOrder = '(timestamp, event_id)';
