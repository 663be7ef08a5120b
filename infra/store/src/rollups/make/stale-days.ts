import type { Engine } from '../../engine.ts';
import { columnHourMs, toHourSql } from '../hour.ts';
import { type HourState, hourStateColumns, parseHourState } from '../hour-state.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Hours whose rollup can be made: they are over, hold something new, and nothing of them goes by TTL. */
const isStale = 'max(marked) > least(max(built), max(sessions_built)) AND min(first_expiry) > today()';

/** A UTC day of a project; `day` is the epoch ms of its start. */
export interface RollupDay {
  readonly projectId: string;
  readonly day: number;
}

/** Gives the days that have a stale hour that began before `before` (epoch ms), the newest first, at most 10,000. */
export async function findStaleDays(engine: Engine, before: number): Promise<RollupDay[]> {
  const { rows } = await engine.ask({
    sql: `
SELECT project_id, at - positiveModulo(at, ${dayMs}) AS day
FROM
(
    SELECT project_id, ${columnHourMs} AS at
    FROM rollup_hours
    WHERE hour < ${toHourSql('before')}
    GROUP BY project_id, hour
    HAVING ${isStale}
)
GROUP BY project_id, day
ORDER BY day DESC, project_id
LIMIT 10000
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: { before },
  });
  return rows.map(([projectId, day]) => ({ projectId: String(projectId), day: Number(day) }));
}

/** Gives the stale hours of a day that began before `before` (epoch ms). */
export async function findStaleHours(
  engine: Engine,
  { projectId, day }: RollupDay,
  before: number,
): Promise<HourState[]> {
  const { rows } = await engine.ask({
    sql: `
SELECT ${hourStateColumns}
FROM rollup_hours
WHERE project_id = {project:String} AND hour >= ${toHourSql('from')} AND hour < ${toHourSql('to')}
GROUP BY project_id, hour
HAVING ${isStale}
ORDER BY hour
SETTINGS max_threads = 1, output_format_json_quote_64bit_integers = 0`,
    params: { project: projectId, from: day, to: Math.min(day + dayMs, before) },
  });
  return rows.map(parseHourState);
}
