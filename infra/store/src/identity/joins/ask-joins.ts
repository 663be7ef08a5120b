import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { mendJoins, readStoredState } from './stored-joins.ts';

/** Where the rows `id_hash`, `person_hash` of a project's joins are read: as a sub-query, which asks for the parameter `project` too. */
export type JoinsSource = Statement;

const nothing = { sql: '(SELECT toUInt64(0) AS id_hash, toUInt64(0) AS person_hash WHERE false)', params: {} };
const worked = { sql: '(SELECT id_hash, person_hash FROM person_joins(project = {project:String}))', params: {} };

/**
 * Finds where to read which ids are another's, and whose: what is stored, but for the ids of which something was said since; where that
 * can't be had, all are worked out. Throws `store_unavailable`.
 */
export async function askJoins(engine: Engine, projectId: string): Promise<JoinsSource> {
  const state = await readStoredState(engine, projectId);
  if (!state.isIdentified) return nothing;
  const mended = state.version === 0 ? null : await mendJoins(engine, projectId, state.version);
  if (mended === null) return worked;
  return {
    sql: `(
    SELECT id_hash, person_hash FROM stored_joins FINAL
    WHERE project_id = {project:String} AND version >= fromUnixTimestamp64Milli({joins_whole:Int64})
      AND person_hash != id_hash AND id_hash NOT IN {mended_ids:Array(UInt64)}
    UNION ALL
    SELECT pair.1, pair.2 FROM (SELECT arrayJoin(arrayZip({mended_ids:Array(UInt64)}, {mended_persons:Array(UInt64)})) AS pair))`,
    params: {
      joins_whole: state.whole,
      mended_ids: [...mended.keys()].map(BigInt),
      mended_persons: [...mended.values()].map(BigInt),
    },
  };
}

/**
 * Gives the WITH that a question about persons begins with: `joins`, the ids that are another's and whose they are, as two
 * arrays of hashes, the last of each a 0 that stands for itself.
 */
export function toJoins({ sql, params }: JoinsSource): Statement {
  return {
    sql: `WITH (SELECT (arrayPushBack(groupArray(id_hash), 0), arrayPushBack(groupArray(person_hash), 0)) FROM ${sql}) AS joins`,
    params,
  };
}

/** The same as a table `joined` (`id_hash`, `person_hash`) for a statement that joins it, where rows are many and their hashes few a block. */
export function toJoined({ sql, params }: JoinsSource): Statement {
  return { sql: `WITH joined AS (SELECT id_hash, person_hash FROM ${sql})`, params };
}

/** The same of what can tell an event of the person whom the parameter `person` names: theirs, and ids that name nobody. */
export function toJoinsOfPerson(source: JoinsSource): Statement {
  const asked = 'cityHash64({person:String})';
  const joined = `(SELECT max(person_hash) FROM ${source.sql} WHERE id_hash = ${asked})`;
  return toJoins({
    sql: `(
  WITH ${joined} AS joined
  SELECT id_hash, person_hash FROM ${source.sql}
  WHERE id_hash = ${asked} OR person_hash IN (0, if(joined = 0, ${asked}, joined)))`,
    params: source.params,
  });
}
