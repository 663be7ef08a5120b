import type { Question } from '@px-platform/schemas';
import type { Engine } from '../../src/engine.ts';
import { askJoins, toJoins } from '../../src/identity/joins/ask-joins.ts';
import { defaultQueryBudget, toBudgetSettings } from '../../src/queries/budget.ts';
import { pickMeasures } from '../../src/queries/pick-measures.ts';
import { toStatement } from '../../src/queries/to-statement.ts';
import { rollUp } from '../../src/rollups/ask/roll-up.ts';
import type { Statement } from '../../src/statement.ts';

const settings = toBudgetSettings(defaultQueryBudget);

/** The answer to a question, without segments or comparison, from the events alone. */
export async function askEvents(engine: Engine, projectId: string, question: Question): Promise<unknown[][]> {
  return askWithJoins(engine, projectId, pickMeasures(question, toStatement(projectId, question, { now: 0 })));
}

/** The same from what is made of hours; null where it is not answered from there. */
export async function askMade(engine: Engine, projectId: string, question: Question): Promise<unknown[][] | null> {
  const rolled = await rollUp(engine, settings, { projectId, question });
  return rolled === null ? null : askWithJoins(engine, projectId, rolled);
}

async function askWithJoins(engine: Engine, projectId: string, { sql, params }: Statement): Promise<unknown[][]> {
  if (sql.startsWith('WITH')) return (await engine.ask({ sql: `${sql}\n${settings}`, params })).rows;
  const joins = toJoins(await askJoins(engine, projectId));
  const answer = await engine.ask({ sql: `${joins.sql}${sql}\n${settings}`, params: { ...params, ...joins.params } });
  return answer.rows;
}
