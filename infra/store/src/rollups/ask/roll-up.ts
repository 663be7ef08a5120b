import type { Question } from '@px-platform/schemas';
import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import type { Rollable } from './rollable.ts';
import { type Run, selectStale, toRuns } from './stale-runs.ts';
import { toRollable } from './to-rolled.ts';
import { toStayed } from './to-stayed.ts';

/** A statement bears the bounds of each run: where more lie apart, `events` is read. */
const maxRuns = 50;

/** A statement that reads what is made of hours; whether it is to begin with `toJoined`. */
export interface RolledUp extends Statement {
  readonly namesPersons: boolean;
}

/**
 * Gives the statement that answers a question from what is made of hours, or null where it can't or would be of no use. Which hours are
 * stale is asked first and holds for the statement, so that no hour is read twice or left out while others make them. Throws
 * `store_unavailable`, `query_over_budget`.
 */
export async function rollUp(
  engine: Engine,
  settings: string,
  { projectId, question, only }: { projectId: string; question: Question; only?: readonly string[] | undefined },
): Promise<RolledUp | null> {
  const rollable = toRollable(question) ?? toStayed(question);
  if (rollable === null) return null;
  const { sql, params } = selectStale(projectId, rollable.made, rollable);
  const { rows } = await engine.ask({ sql: `${sql}\n${settings}`, params });
  const runs = toRuns(
    rows.map(([hour]) => Number(hour)),
    rollable,
    rollable.cuts,
  );
  if (!isOfUse(rollable, runs)) return null;
  return { ...rollable.toStatement(projectId, runs, only), namesPersons: rollable.namesPersons };
}

/** To work out stays costs more than to read the events: where most of the time would be, they are read. */
function isOfUse({ made, from, to }: Rollable, runs: readonly Run[]): boolean {
  if (runs.length > maxRuns) return false;
  const fresh = runs.reduce((sum, run) => sum + run.to - run.from, 0);
  return made === 'rollups' || fresh <= (to - from) / 2;
}
