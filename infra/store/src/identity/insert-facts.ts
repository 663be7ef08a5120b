import type { Engine } from '../engine.ts';
import { toDateTime64 } from '../row-data.ts';
import type { IdentityFacts } from './identity-facts.ts';
import { touchIds } from './joins/touch-ids.ts';

/**
 * Stores facts. A second call with the same facts changes no answer: the tables keep minima and maxima. Throws
 * `store_unavailable`.
 */
export async function insertFacts(engine: Engine, { claims, changes, members }: IdentityFacts): Promise<void> {
  await insert(engine, 'identity_claims', claims, ({ project_id, id, user_id, source, at, event_id, retain_until }) => {
    const time = toDateTime64(at);
    return { project_id, id, user_id, source, first: { at: time, event_id }, last_at: time, retain_until };
  });
  const telling = claims.filter(({ source }) => source !== 'blocked');
  await touchIds(
    engine,
    telling.flatMap(({ project_id: projectId, id, user_id }) => [id, user_id].map((one) => ({ projectId, id: one }))),
  );
  await insert(engine, 'identity_properties', changes, (change) => {
    const { project_id, holder, id, property, operation, retain_until, is_unset, value, event_id } = change;
    const said = { at: toDateTime64(change.at), event_id, is_unset, value };
    return { project_id, holder, id, property, operation, first: said, last: said, retain_until };
  });
  await insert(engine, 'group_members', members, ({ project_id, group_id, id, at, retain_until }) => {
    const time = toDateTime64(at);
    return { project_id, group_id, id, first_at: time, last_at: time, retain_until };
  });
}

async function insert<T>(
  engine: Engine,
  table: string,
  facts: readonly T[],
  toRow: (fact: T) => Readonly<Record<string, unknown>>,
): Promise<void> {
  if (facts.length === 0) return;
  const data = facts.map((fact) => JSON.stringify(toRow(fact))).join('\n');
  await engine.insert(`INSERT INTO ${table} SETTINGS async_insert = 0, max_threads = 1 FORMAT JSONEachRow`, data);
}
