import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { mendJoins, readStoredState } from './stored-joins.ts';

const nothing = { sql: 'WITH ([toUInt64(0)], [toUInt64(0)]) AS joins', params: {} };
const whole = {
  sql: 'WITH (SELECT (arrayPushBack(groupArray(id_hash), 0), arrayPushBack(groupArray(person_hash), 0)) FROM person_joins(project = {project:String})) AS joins',
  params: {},
};

/**
 * Gives the WITH that a question about persons begins with: `joins`, the ids that are another's and whose they are, as two
 * arrays of hashes, the last of each a 0 that stands for itself. They are what is stored, but for the ids of which something was
 * said since; where that can't be had, all are worked out. Asks for the parameter `project` too. Throws `store_unavailable`.
 */
export async function askJoins(engine: Engine, projectId: string): Promise<Statement> {
  const state = await readStoredState(engine, projectId);
  if (!state.isIdentified) return nothing;
  const mended = state.version === 0 ? null : await mendJoins(engine, projectId, state.version);
  if (mended === null) return whole;
  return {
    sql: `WITH (
    SELECT (arrayConcat(groupArray(id_hash), {mended_ids:Array(UInt64)}, [toUInt64(0)]), arrayConcat(groupArray(person_hash), {mended_persons:Array(UInt64)}, [toUInt64(0)]))
    FROM stored_joins FINAL
    WHERE project_id = {project:String} AND version >= fromUnixTimestamp64Milli({joins_whole:Int64})
      AND person_hash != id_hash AND id_hash NOT IN {mended_ids:Array(UInt64)}) AS joins`,
    params: {
      joins_whole: state.whole,
      mended_ids: [...mended.keys()].map(BigInt),
      mended_persons: [...mended.values()].map(BigInt),
    },
  };
}
