import { columnHourMs, eventHourMs } from '../rollups/hour.ts';
import type { Statement } from '../statement.ts';
import type { PurgeOf } from './purge-store.ts';
import { eventBearer } from './purged-tables.ts';

const again = `
INSERT INTO rollup_hours (project_id, hour, marked, first_expiry, retain_until)
SELECT project_id, hour, greatest({before:UInt64}, max(marked) + 1, max(taken) + 1), min(first_expiry), max(retain_until)
FROM rollup_hours
WHERE project_id = {project:String}`;

/** Marks the hours of the person's events as stale, while the events still tell which these are: `before` their deletion. */
export function markHoursToPurge({ id, projectId }: PurgeOf, before: number): Statement {
  return {
    sql: `${again}
    AND ${columnHourMs} IN (SELECT ${eventHourMs} FROM events WHERE ${eventBearer})
GROUP BY project_id, hour`,
    params: { purge: id, project: projectId, before },
  };
}

/**
 * Marks those hours again, after the deletion: meanwhile one may have been made of events that were still there. They are
 * among those marked since `before` (epoch ms), which a run that broke off finds too; another's hour that is made once more
 * does no harm.
 */
export function markPurgedHours({ projectId }: PurgeOf, before: number): Statement {
  return {
    sql: `${again}
GROUP BY project_id, hour
HAVING max(marked) >= {before:UInt64}`,
    params: { project: projectId, before },
  };
}
