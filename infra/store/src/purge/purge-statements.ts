import { toSessionsInsert } from '../derive-sessions.ts';
import type { Statement } from '../statement.ts';
import { markHoursToPurge, markPurgedHours } from './mark-purged-hours.ts';
import type { PurgeOf, TableCounts } from './purge-store.ts';
import { eventBearer, mixedSessions, purgedTables } from './purged-tables.ts';

const wait = 'SETTINGS mutations_sync = 2, allow_nondeterministic_mutations = 1';

/**
 * Gives the statements that remove a person from the tables of which `held` has rows, in order; they may break off after any of them,
 * and are run again from the first. ALTER ... DELETE rewrites the parts that hold the person, where a lightweight delete would
 * only hide the rows until a merge. Rollups hold no person, but are to lack what is removed: `before` (epoch ms) is when this
 * purge began.
 */
export function toPurgeStatements(purge: PurgeOf, held: TableCounts, before: number): Statement[] {
  const params = toParams(purge);
  const statements: Statement[] = [markHoursToPurge(purge, before)];
  for (const { table, bearer } of purgedTables) {
    if (table === 'sessions') {
      if (!held['sessions'] && !held['events']) continue;
      statements.push({ sql: `ALTER TABLE sessions DELETE WHERE (${bearer}) OR (${mixedSessions}) ${wait}`, params });
      // What is left of the mixed ones is derived anew, of the events that are not the person's.
      statements.push({ sql: toSessionsInsert(`${mixedSessions} AND NOT (${eventBearer})`), params });
    } else if (held[table] && table !== 'session_hours') {
      statements.push({ sql: `ALTER TABLE ${table} DELETE WHERE ${bearer} ${wait}`, params });
    }
  }
  // Who else was joined with the person is told by nothing any more.
  statements.push({ sql: 'INSERT INTO touched_ids SELECT {project:String}, now64(3), 0', params });
  statements.push(markPurgedHours(purge, before));
  // Once its hour is stale for good: no question misses what goes with the person.
  for (const { table, bearer } of purgedTables) {
    if (table === 'session_hours')
      statements.push({ sql: `ALTER TABLE ${table} DELETE WHERE ${bearer} ${wait}`, params });
  }
  return statements;
}

/** Counts the rows of each table that bear the person: columns `table`, `rows`. */
export function toPurgeCounts(purge: PurgeOf): Statement {
  const counts = purgedTables.map(
    ({ table, bearer }) => `SELECT '${table}' AS table, count() AS rows FROM ${table} WHERE ${bearer}`,
  );
  return { sql: counts.join('\nUNION ALL\n'), params: toParams(purge) };
}

function toParams({ id, projectId }: PurgeOf): Statement['params'] {
  return { purge: id, project: projectId };
}
