import type { Engine } from '../../engine.ts';
import type { JoinedId, JoinTarget } from './joined-id.ts';

const edges = "source IN ('identify', 'alias', 'alias_back')";

/**
 * Gives these ids (hashes, in decimals) and all that are joined with them by any claims, whether these hold or not; null where
 * they are more than `most`. Throws `store_unavailable`.
 */
export async function findJoinedWith(
  engine: Engine,
  projectId: string,
  { ids, most }: { ids: readonly string[]; most: number },
): Promise<string[] | null> {
  const found = new Set(ids);
  for (let next = [...found]; next.length > 0; ) {
    if (found.size > most) return null;
    const { rows } = await engine.ask({
      sql: `
SELECT DISTINCT toString(arrayJoin([id_hash, user_hash]))
FROM identity_claims
WHERE project_id = {project:String} AND ${edges} AND (id_hash IN {ids:Array(UInt64)} OR user_hash IN {ids:Array(UInt64)})
LIMIT {limit:UInt32}`,
      params: { project: projectId, ids: next.map(BigInt), limit: 2 * most },
    });
    next = rows.map(([id]) => String(id)).filter((id) => !found.has(id));
    for (const id of next) found.add(id);
  }
  return [...found];
}

/** Gives what decides whom each of these ids joins, in the words of `identity_parents`. Throws `store_unavailable`. */
export async function readJoinedIds(engine: Engine, projectId: string, ids: readonly string[]): Promise<JoinedId[]> {
  const { rows } = await engine.ask({
    sql: `
SELECT
    toString(cityHash64(id)), decision, is_known, toUnixTimestamp64Milli(known.1), known.2,
    is_claimed AND (NOT is_known OR claim.1 < known), toString(cityHash64(claim.2)), claim.2 LIKE '%_@_%',
    is_back AND back.1 = known, toString(cityHash64(back.2)), back.2 LIKE '%_@_%'
FROM
(
    SELECT
        id,
        countIf(source = 'known') > 0 AS is_known,
        minIf(first, source = 'known') AS known,
        countIf(source IN ('identify', 'alias')) > 0 AS is_claimed,
        minIf((first, user_id), source IN ('identify', 'alias')) AS claim,
        countIf(source = 'alias_back') > 0 AS is_back,
        minIf((first, user_id), source = 'alias_back') AS back,
        argMaxIf(source, (last_at, source), source IN ('apart', 'block', 'trust', 'clear')) AS decision
    FROM identity_claims
    WHERE project_id = {project:String} AND id_hash IN {ids:Array(UInt64)}
    GROUP BY id
)
SETTINGS output_format_json_quote_64bit_integers = 0`,
    params: { project: projectId, ids: ids.map(BigInt) },
  });
  return rows.map(
    ([id, decision, isKnown, knownAt, knownBy, isClaimed, claimed, claimedLike, isBack, back, backLike]) => ({
      id: String(id),
      decision: String(decision),
      known: isKnown ? [Number(knownAt), String(knownBy)] : null,
      claimed: toTarget(isClaimed, claimed, claimedLike),
      back: toTarget(isBack, back, backLike),
    }),
  );
}

function toTarget(isThere: unknown, id: unknown, isAddress: unknown): JoinTarget | null {
  return isThere ? { id: String(id), isAddress: Boolean(isAddress) } : null;
}
