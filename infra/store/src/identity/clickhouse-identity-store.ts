import type { Engine } from '../engine.ts';
import { defaultQueryBudget, type QueryBudget, toBudgetSettings } from '../queries/budget.ts';
import { toPersonMerges } from '../queries/person-merges.ts';
import { toDateTime64 } from '../row-data.ts';
import type { IdentityStore, MergeOutcome, PersonMerge } from './identity-store.ts';

/** A Date's last day: a decision ends when somebody says so. */
const kept = '2149-06-06';

/** Who is who, on ClickHouse: `write` takes decisions, `read` answers. */
export function createClickHouseIdentityStore(
  write: Engine,
  read: Engine,
  budget: QueryBudget = defaultQueryBudget,
): IdentityStore {
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
    },
    async mergesOf(projectId, id, limit) {
      const { sql, params } = toPersonMerges(projectId, id, limit);
      const { rows } = await read.ask({ sql: `${sql}\n${toBudgetSettings(budget)}`, params });
      return rows.map(toPersonMerge);
    },
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
