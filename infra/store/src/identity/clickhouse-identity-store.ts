import { z } from 'zod';
import type { Engine } from '../engine.ts';
import { defaultQueryBudget, type QueryBudget, toBudgetSettings } from '../queries/budget.ts';
import { toPersonMerges } from '../queries/person-merges.ts';
import { toDateTime64 } from '../row-data.ts';
import type { Statement } from '../statement.ts';
import type { IdentityStore, MergeOutcome, Person, PersonMerge } from './identity-store.ts';
import { touchIds } from './joins/touch-ids.ts';
import { parseGroup, toGroup } from './to-group.ts';
import { toPerson, toPersonOfId } from './to-person.ts';

/** A Date's last day: a decision ends when somebody says so. */
const kept = '2149-06-06';

/** Who is who, on ClickHouse: `write` takes decisions, `read` answers. */
export function createClickHouseIdentityStore(
  write: Engine,
  read: Engine,
  budget: QueryBudget = defaultQueryBudget,
): IdentityStore {
  const ask = async ({ sql, params }: Statement) =>
    (await read.ask({ sql: `${sql}\n${toBudgetSettings(budget)}`, params })).rows;

  return {
    async decide(decisions) {
      if (decisions.length === 0) return;
      const log = decisions.map(({ projectId, decidedAt, decidedBy, id, decision, note }) => {
        const decided_at = toDateTime64(decidedAt);
        return JSON.stringify({ project_id: projectId, id, decided_at, decision, decided_by: decidedBy, note });
      });
      await write.insert('INSERT INTO identity_decisions SETTINGS async_insert = 0 FORMAT JSONEachRow', log.join('\n'));
      const claims = decisions.map(({ projectId, id, decision, decidedAt }) => {
        const at = toDateTime64(decidedAt);
        const first = { at, event_id: '' };
        return JSON.stringify({
          project_id: projectId,
          id,
          user_id: '',
          source: decision,
          first,
          last_at: at,
          retain_until: kept,
        });
      });
      await write.insert('INSERT INTO identity_claims SETTINGS async_insert = 0 FORMAT JSONEachRow', claims.join('\n'));
      await touchIds(write, decisions);
    },
    async mergesOf(projectId, id, limit) {
      return (await ask(toPersonMerges(projectId, id, limit))).map(toPersonMerge);
    },
    async personOf(projectId, id) {
      // One after the other: a view that stands inside the filter of another is planned for seconds.
      const [[named, isNobody] = []] = await ask(toPersonOfId(projectId, id));
      if (isNobody === true) return nobody;
      const personId = named === undefined ? id : String(named);
      const [row] = await ask(toPerson(projectId, personId));
      return row === undefined ? null : parsePerson(personId, row);
    },
    async groupOf(projectId, groupId) {
      const [row] = await ask(toGroup(projectId, groupId));
      return row === undefined ? null : parseGroup(row);
    },
  };
}

const nobody: Person = { personId: null, ids: [], isIdentified: false, identifiedAt: null, properties: {} };

const personRow = z.tuple([z.array(z.string()), z.boolean(), z.coerce.number(), z.string()]);
const propertyBag = z.record(z.string(), z.unknown());

function parsePerson(personId: string, row: unknown[]): Person {
  const [ids, isIdentified, identifiedAt, properties] = personRow.parse(row);
  return {
    personId,
    ids,
    isIdentified,
    identifiedAt: isIdentified ? identifiedAt : null,
    properties: propertyBag.parse(JSON.parse(properties)),
  };
}

/** The view's own closed lists. */
function toPersonMerge([at, id, userId, source, eventId, outcome]: unknown[]): PersonMerge {
  return {
    at: Number(at),
    id: String(id),
    userId: String(userId),
    source: String(source) as PersonMerge['source'],
    eventId: String(eventId),
    outcome: String(outcome) as MergeOutcome,
  };
}
