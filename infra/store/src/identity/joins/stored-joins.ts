import type { Engine } from '../../engine.ts';
import { findJoinedWith, readJoinedIds } from './read-joined-ids.ts';
import { resolveJoins } from './resolve-joins.ts';

/** They are part of the statement, twice, and its length is bounded. */
const maxMended = 5_000;
/** Joins made longer ago are not read: what went by TTL since was noted by nobody. */
const maxAgeMs = 2 * 24 * 60 * 60 * 1_000;

/** What is stored of a project's joins; instants are epoch ms by the engine's clock. */
export interface StoredState {
  readonly isIdentified: boolean;
  /** What was touched up to here is in them; 0: they are not stored, or too old. */
  readonly version: number;
  readonly whole: number;
  readonly now: number;
}

/** Whose the ids are of which something was said since: hashes in decimals, as `resolveJoins` gives them. */
export type MendedJoins = ReadonlyMap<string, string>;

/** Tells whether anything was ever said of who is who, and what is stored of it. Throws `store_unavailable`. */
export async function readStoredState(engine: Engine, projectId: string): Promise<StoredState> {
  const { rows } = await engine.ask({
    sql: `
SELECT
    (SELECT count() FROM (SELECT 1 FROM identity_claims WHERE project_id = {project:String} LIMIT 1)),
    toUnixTimestamp64Milli(max(version)), toUnixTimestamp64Milli(max(whole)), toUnixTimestamp64Milli(now64(3))
FROM stored_joins_state
WHERE project_id = {project:String}
SETTINGS output_format_json_quote_64bit_integers = 0`,
    params: { project: projectId },
  });
  const [claims, version, whole, now] = (rows[0] ?? []).map(Number);
  const isFresh = (whole ?? 0) > (now ?? 0) - maxAgeMs;
  return { isIdentified: (claims ?? 0) > 0, version: isFresh ? (version ?? 0) : 0, whole: whole ?? 0, now: now ?? 0 };
}

/**
 * Gives whose the ids are of which something was said after `since` (epoch ms), and all that are joined with them; null where
 * these are too many to be worked out one by one, or where anything may have changed. Throws `store_unavailable`.
 */
export async function mendJoins(engine: Engine, projectId: string, since: number): Promise<MendedJoins | null> {
  const { rows } = await engine.ask({
    sql: `
SELECT DISTINCT toString(id_hash)
FROM touched_ids
WHERE project_id = {project:String} AND touched_at > fromUnixTimestamp64Milli({since:Int64})
LIMIT {limit:UInt32}`,
    params: { project: projectId, since, limit: maxMended + 1 },
  });
  const touched = rows.map(([id]) => String(id));
  if (touched.length === 0) return new Map();
  if (touched.includes('0')) return null;
  const ids = await findJoinedWith(engine, projectId, { ids: touched, most: maxMended });
  if (ids === null) return null;
  const resolved = resolveJoins(await readJoinedIds(engine, projectId, ids));
  // Of what was touched and is not claimed any more, nothing holds.
  return new Map(ids.map((id) => [id, resolved.get(id) ?? id]));
}
