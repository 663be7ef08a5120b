import type { Statement } from '../../statement.ts';
import { columnHourMs, hourMs, toHour, toHourSql } from '../hour.ts';

/** A part of the time asked for that is read from `events`; epoch ms, `to` is exclusive. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** What is made of hours: the table that holds it. */
export type Made = 'rollups' | 'session_hours';

/** Whether what is made of an hour lacks events, or is too much for a row. */
const isStale: Readonly<Record<Made, string>> = {
  rollups: 'max(marked) > max(built) OR max(broad) = max(built)',
  session_hours: 'max(marked) > max(sessions_built) OR max(crowded) = max(sessions_built)',
};

/** Which hours of a time a table does not hold: stale ones, broad ones, and those of which events may have gone by TTL. */
export function selectStale(projectId: string, made: Made, { from, to }: Run): Statement {
  return {
    sql: `
SELECT ${columnHourMs} AS at
FROM rollup_hours
WHERE project_id = {project:String} AND hour >= ${toHourSql('from')} AND hour < ${toHourSql('to')}
GROUP BY hour
HAVING ${isStale[made]} OR min(first_expiry) <= today()
ORDER BY at`,
    params: { project: projectId, from: toHour(from), to: toHour(to - 1) + hourMs },
  };
}

/** Joins stale hours (starts, epoch ms, in order) to runs within a time; hours that a cut lies within are stale too. */
export function toRuns(stale: readonly number[], { from, to }: Run, cuts: readonly number[] = [from, to]): Run[] {
  const cut = cuts.filter((at) => at !== toHour(at)).map(toHour);
  const runs: Run[] = [];
  for (const hour of [...new Set([...stale, ...cut])].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.to === hour) runs[runs.length - 1] = { from: last.from, to: hour + hourMs };
    else runs.push({ from: hour, to: hour + hourMs });
  }
  return runs.map((run) => ({ from: Math.max(run.from, from), to: Math.min(run.to, to) }));
}
