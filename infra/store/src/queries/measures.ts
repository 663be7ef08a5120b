/**
 * What the rows of a question are, in one place. FINAL: copies of one event that stand until a merge count once, and so
 * they do before it. What is counted may be exchanged here for all questions.
 */
export const eventRows = 'events FINAL';
/** Who is one visitor. */
export const person = 'person_key';
/** Visitors and sessions of a group of events; exact to 65,536 or so, beyond that within 1 %. */
export const visitors = `uniq(${person})`;
/** A session is one person's: an id that many persons send is a session of each. Source: docs/data-model.md. */
export const sessions = 'uniq(person_key, session_id)';
/** Whether an event shows a page. */
export const isPageView = "event = 'page_view'";
/** The order of a person's events; those of one millisecond stand in the order of their ids. */
export const eventOrder = '(timestamp, event_id)';
