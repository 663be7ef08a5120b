import type { Question } from '@px-platform/schemas';
import type { Engine } from '../../src/engine.ts';
import { askJoins, toJoined, toJoins } from '../../src/identity/joins/ask-joins.ts';
import { defaultQueryBudget, toBudgetSettings } from '../../src/queries/budget.ts';
import { pickMeasures } from '../../src/queries/pick-measures.ts';
import { toStatement } from '../../src/queries/to-statement.ts';
import { rollUp } from '../../src/rollups/ask/roll-up.ts';
import type { Statement } from '../../src/statement.ts';

const settings = toBudgetSettings(defaultQueryBudget);

/** The answer to a question, without segments or comparison, from the events alone. */
export async function askEvents(engine: Engine, projectId: string, question: Question): Promise<unknown[][]> {
  const { sql, params } = pickMeasures(question, toStatement(projectId, question, { now: 0 }));
  const joins = toJoins(await askJoins(engine, projectId));
  return ask(engine, { sql: `${joins.sql}${sql}`, params: { ...params, ...joins.params } });
}

/** The same from what is made of hours; null where it is not answered from there. */
export async function askMade(engine: Engine, projectId: string, question: Question): Promise<unknown[][] | null> {
  const rolled = await rollUp(engine, settings, { projectId, question });
  if (rolled === null) return null;
  const joined = rolled.namesPersons ? toJoined(await askJoins(engine, projectId)) : { sql: '', params: {} };
  return ask(engine, { sql: `${joined.sql}${rolled.sql}`, params: { ...rolled.params, ...joined.params } });
}

async function ask(engine: Engine, { sql, params }: Statement): Promise<unknown[][]> {
  return (await engine.ask({ sql: `${sql}\n${settings}`, params })).rows;
}
