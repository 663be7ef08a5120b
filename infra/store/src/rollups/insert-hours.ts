import type { Engine } from '../engine.ts';
import type { HourState } from './hour-state.ts';

/** Notes what is known of hours, durably; the table keeps the largest of each number. Throws `store_unavailable`. */
export async function insertHours(engine: Engine, hours: readonly HourState[]): Promise<void> {
  if (hours.length === 0) return;
  const data = hours.map(({ projectId, hour, sessionsBuilt, firstExpiry, retainUntil, ...numbers }) =>
    JSON.stringify({
      project_id: projectId,
      hour: hour / 1_000,
      ...numbers,
      sessions_built: sessionsBuilt,
      first_expiry: firstExpiry,
      retain_until: retainUntil,
    }),
  );
  const sql = 'INSERT INTO rollup_hours SETTINGS async_insert = 0, max_threads = 1 FORMAT JSONEachRow';
  await engine.insert(sql, data.join('\n'));
}
