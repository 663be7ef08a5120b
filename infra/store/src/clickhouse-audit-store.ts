import { auditColumns } from '@px-platform/schemas';
import type { AuditReader, AuditStore } from './audit-store.ts';
import type { Engine } from './engine.ts';
import type { StoredRow } from './event-store.ts';
import { exportRows } from './export-rows.ts';
import { insertLinesSql, toInsertToken } from './insert-rows.ts';
import { defaultQueryBudget, type QueryBudget } from './queries/budget.ts';
import { toAuditData } from './row-data.ts';
import type { Statement } from './statement.ts';

/** Ids asked for in one statement; keeps its parameters well under the engine's limits. */
const idsPerStatement = 1_000;

/** The writing side of the audit table on ClickHouse. */
export function createClickHouseAuditStore(engine: Engine): AuditStore {
  return {
    async insert(batch) {
      if (batch.rows.length === 0) return;
      const data = toAuditData(batch.rows);
      await engine.insert(insertLinesSql('audit_events', auditColumns, toInsertToken(batch, data)), data);
    },
    async findIds(ids) {
      const found = new Set<string>();
      for (let at = 0; at < ids.length; at += idsPerStatement) {
        const { rows } = await engine.ask(selectStoredIds(ids.slice(at, at + idsPerStatement)));
        for (const [id] of rows) found.add(String(id));
      }
      return found;
    },
  };
}

/** The reading side of the audit table on ClickHouse. */
export function createClickHouseAuditReader(engine: Engine, budget: QueryBudget = defaultQueryBudget): AuditReader {
  const source = { table: 'audit_events', columns: [...auditColumns, 'stored_at'] };
  return {
    async *exportRows(projectId, range) {
      for await (const page of exportRows(engine, budget, { source, projectId, range })) yield page.map(withMetadata);
    },
  };
}

/** `metadata` is stored as text, and given as what it was. */
function withMetadata(row: StoredRow): StoredRow {
  return { ...row, metadata: JSON.parse(String(row['metadata'])) };
}

function selectStoredIds(ids: readonly { projectId: string; eventId: string }[]): Statement {
  return {
    sql: `
SELECT DISTINCT concat(project_id, ':', toString(event_id))
FROM audit_events
WHERE project_id IN {projects:Array(String)} AND event_id IN {ids:Array(UUID)}`,
    params: { projects: [...new Set(ids.map((id) => id.projectId))], ids: ids.map((id) => id.eventId) },
  };
}
