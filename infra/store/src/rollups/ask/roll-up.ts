import type { Question } from '@px-platform/schemas';
import type { Engine } from '../../engine.ts';
import type { Statement } from '../../statement.ts';
import { selectStale, toRuns } from './stale-runs.ts';
import { toRollable } from './to-rolled.ts';

/** A statement bears the bounds of each run: where more lie apart, `events` is read. */
const maxRuns = 50;

/**
 * Gives the statement that answers a question from the rollup, or null where it can't or would be of no use. Which hours are
 * stale is asked first and holds for the statement, so that no hour is read twice or left out while others make them. Throws
 * `store_unavailable`, `query_over_budget`.
 */
export async function rollUp(
  engine: Engine,
  settings: string,
  { projectId, question, only }: { projectId: string; question: Question; only?: readonly string[] | undefined },
): Promise<Statement | null> {
  const rollable = toRollable(question);
  if (rollable === null) return null;
  const { sql, params } = selectStale(projectId, rollable);
  const { rows } = await engine.ask({ sql: `${sql}\n${settings}`, params });
  const runs = toRuns(
    rows.map(([hour]) => Number(hour)),
    rollable,
  );
  return runs.length > maxRuns ? null : rollable.toStatement(projectId, runs, only);
}
