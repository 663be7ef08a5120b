import type { JoinedId, JoinTarget } from './joined-id.ts';

/** More ids than this join nobody: an id that is not a mail address, and one that is. Source: docs/data-model.md, "Identity". */
const maxJoined = { other: 200, address: 49 } as const;
/** Users that joined users: how many steps from one to the last of them are followed. */
const maxSteps = 8;

/**
 * Gives whose each of these ids is: another id, itself where it stands alone, or '0' where it names nobody. The ids must be
 * all that are joined with one another by any claims. The rules are those of the view `person_joins`, which plans for longer than
 * this takes; a test holds the two together. Never throws.
 */
export function resolveJoins(ids: readonly JoinedId[]): Map<string, string> {
  const byId = new Map(ids.map((one) => [one.id, one]));
  const parents = new Map<string, JoinTarget>();
  const joined = new Map<string, { count: number; isAddress: boolean }>();
  for (const one of ids) {
    const parent = toParent(one, byId);
    if (parent === null) continue;
    parents.set(one.id, parent);
    joined.set(parent.id, { count: (joined.get(parent.id)?.count ?? 0) + 1, isAddress: parent.isAddress });
  }
  const isNobody = (id: string): boolean => {
    const decision = byId.get(id)?.decision;
    if (decision === 'block') return true;
    const { count, isAddress } = joined.get(id) ?? { count: 0, isAddress: false };
    return decision !== 'trust' && count > (isAddress ? maxJoined.address : maxJoined.other);
  };
  /** The user that a known user joined, where both are somebody. */
  const toLink = (id: string): string | undefined => {
    const parent = byId.get(id)?.known ? parents.get(id)?.id : undefined;
    return parent === undefined || isNobody(id) || isNobody(parent) ? undefined : parent;
  };
  const toEnd = (id: string): string => {
    let end = id;
    for (let step = 0; step <= maxSteps; step++) end = toLink(end) ?? end;
    return end;
  };
  const toPerson = (id: string): string => {
    if (isNobody(id)) return '0';
    const parent = parents.get(id)?.id;
    return parent === undefined || isNobody(parent) ? id : toEnd(parent);
  };
  return new Map([...byId.keys(), ...joined.keys()].map((id) => [id, toPerson(id)]));
}

function toParent(
  { decision, known, claimed, back }: JoinedId,
  byId: ReadonlyMap<string, JoinedId>,
): JoinTarget | null {
  if (decision === 'apart') return null;
  if (claimed !== null) return claimed;
  const earlier = back === null ? null : (byId.get(back.id)?.known ?? null);
  return earlier !== null && known !== null && isBefore(earlier, known) ? back : null;
}

/** Ids of events are UUIDs in small letters. */
function isBefore(one: readonly [number, string], other: readonly [number, string]): boolean {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
}
