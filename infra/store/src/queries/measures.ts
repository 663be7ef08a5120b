/**
 * What the rows of a question are, in one place. FINAL: copies of one event that stand until a merge count once, and so
 * they do before it. What is counted may be exchanged here for all questions.
 */
export const eventRows = 'events FINAL';
/** Whom an id joined, as SQL over its hash: 0 where it names nobody. */
const toJoined = (id: string): string => `transform(${id}, joins.1, joins.2)`;
/**
 * Who is one visitor, as a hash, by the id that their person is looked up by: who that id joined; where it names nobody, their
 * `person_key`. A statement that names it begins with `askJoins`. Source: docs/adr/0023-persons-in-questions.md.
 */
export const toPersonOf = (id: string): string => `if(${toJoined(id)} = 0, person_key_hash, ${toJoined(id)})`;
/** The id by which an event's person is looked up: its user's where that is somebody, else its `person_key`. */
export const personId = 'if(user_hash = 0, person_key_hash, user_hash)';
/** Whose an event is. */
export const person = toPersonOf(personId);
/** The same of rows to which `joined` is joined by `personId`; their statement begins with `toJoined`. */
export const joinedPerson = `multiIf(joined.id_hash = 0, ${personId}, joined.person_hash = 0, person_key_hash, joined.person_hash)`;
/** Whether an event is anybody's: who denied analytics is nobody, and no visitor of a million visits. */
export const isPerson = "person_key_hash != cityHash64('')";
/** Visitors and sessions of a group of events; exact to 65,536 or so, beyond that within 1 %. */
export const visitors = `uniqIf(${person}, ${isPerson})`;
/** A session is one person's: an id that many persons send is a session of each. Source: docs/data-model.md. */
export const sessionHash = 'cityHash64(person_key_hash, session_id)';
/** Hashed here, since uniq itself takes a costlier hash of several columns. */
export const sessions = `uniqIf(${sessionHash}, ${isPerson})`;
/** Whether an event shows a page. */
export const isPageView = "event = 'page_view'";
/** No session is longer, and nobody looks at a page for longer: a day. Source: contract 4. */
export const maxSessionMs = 24 * 60 * 60 * 1_000;
const toldMs = "if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0)";
/**
 * How long an event says that its page was looked at, as `deriveSessions` reads it: 0 where it says no time up to a day. No such thing is made
 * an integer: the engine would refuse all of a question for one that says "inf".
 */
export const engagedMs = `toUInt64(if(${toldMs} > 0 AND ${toldMs} <= ${maxSessionMs}, ${toldMs}, 0))`;
/**
 * The order of a person's events; those of one millisecond stand in the order of their ids as texts, which is that of time in UUIDv7 and not the
 * engine's own. One number, which the engine compares and keeps in half the time that a tuple takes.
 */
export const eventOrder =
  'bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(timestamp) + 9007199254740992), 128), toUInt256(toUInt128(event_id)))';
