/** A table that holds persons, and which of its rows are the purged one's, as SQL over the parameters `project` and `purge`. */
export interface PurgedTable {
  readonly table: string;
  readonly bearer: string;
}

const idsOf = (kind: string): string => `(SELECT id FROM purge_ids WHERE purge_id = {purge:UUID} AND kind = '${kind}')`;
const arrayOf = (kind: string): string =>
  `(SELECT groupArray(id) FROM purge_ids WHERE purge_id = {purge:UUID} AND kind = '${kind}')`;
const ids = idsOf('id');
const hashes = `(SELECT cityHash64(id) FROM purge_ids WHERE purge_id = {purge:UUID} AND kind = 'id')`;
const hashArray = `(SELECT groupArray(cityHash64(id)) FROM purge_ids WHERE purge_id = {purge:UUID} AND kind = 'id')`;
const mails = idsOf('email');
const mail = (json: string): string => `lower(trim(ifNull(toString(${json}), '')))`;

/** Rows of `events` that bear the person. */
export const eventBearer = `project_id = {project:String} AND (anonymous_id IN ${ids} OR user_id IN ${ids} OR person_key IN ${ids} OR ${mail('properties.email')} IN ${mails} OR ${mail('traits.email')} IN ${mails})`;

const text = 'tryBase64Decode(payload)';
const fieldOf = (field: string): string =>
  `arrayMap(one -> JSONExtractString(one, ${field}), JSONExtractArrayRaw(${text}, 'events'))`;
/** A letter of an event is a record: it is read. What could not be decoded is searched for the ids as JSON writes them. */
const letterBearer = `(project_id = {project:String} AND (
    JSONExtractString(${text}, 'person_key') IN ${ids}
    OR hasAny(arrayConcat(${fieldOf("'anonymous_id'")}, ${fieldOf("'user_id'")}), ${arrayOf('id')})
    OR hasAny(arrayMap(one -> lower(trim(one)), arrayConcat(${fieldOf("'properties', 'email'")}, ${fieldOf("'traits', 'email'")})), ${arrayOf('email')})
)) OR (project_id = '' AND position(${text}, {project:String}) > 0 AND arrayExists(needle -> position(${text}, needle) > 0, ${arrayOf('json')}))`;

/**
 * Every table that holds persons, in one place; a test fails where the DDL has a table that stands neither here nor among
 * `keptTables`. Views hold nothing of their own.
 */
export const purgedTables: readonly PurgedTable[] = [
  // Before `events`: which sessions are the person's is told by them.
  { table: 'sessions', bearer: `project_id = {project:String} AND person_key IN ${ids}` },
  { table: 'events', bearer: eventBearer },
  { table: 'identity_claims', bearer: `project_id = {project:String} AND (id IN ${ids} OR user_id IN ${ids})` },
  {
    table: 'stored_joins',
    bearer: `project_id = {project:String} AND (id_hash IN ${hashes} OR person_hash IN ${hashes})`,
  },
  { table: 'touched_ids', bearer: `project_id = {project:String} AND id_hash IN ${hashes}` },
  { table: 'identity_properties', bearer: `project_id = {project:String} AND holder = 'person' AND id IN ${ids}` },
  { table: 'group_members', bearer: `project_id = {project:String} AND id IN ${ids}` },
  { table: 'identity_decisions', bearer: `project_id = {project:String} AND id IN ${ids}` },
  { table: 'dead_letters', bearer: letterBearer },
  // Whole hours, which are made anew without the person.
  {
    table: 'session_hours',
    bearer: `project_id = {project:String} AND (hasAny(stays.person_key_hash, ${hashArray}) OR hasAny(stays.user_hash, ${hashArray}))`,
  },
];

/** Tables that a purge leaves as they are, and why. */
export const keptTables: Readonly<Record<string, string>> = {
  audit_events: 'evidence of who did what, kept under a duty of its own (GDPR, article 17(3)(b) and (e))',
  rollups: 'counts of events, without persons: the hours of what is removed are made anew',
  rollup_hours: 'which hours these are',
  stored_joins_state: 'holds no person; a purge has all of `stored_joins` made anew',
  schema_migrations: 'holds no person',
  visitor_salts: 'holds no person, and is gone in two days',
  purges: 'the record of the purge, without the person',
  purge_ids: 'whom a purge is about: deleted at its end',
  tombstones: 'hashes, by which the person is kept away',
};

/** Sessions of others' keys that hold events of the person, as a server's that sent both ids. */
export const mixedSessions = `project_id = {project:String} AND person_key NOT IN ${ids} AND (person_key, session_id) IN (SELECT person_key, session_id FROM events WHERE ${eventBearer})`;
