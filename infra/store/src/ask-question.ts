import { AppError } from '@px-platform/runtime';
import type { Question } from '@px-platform/schemas';
import type { Engine, EngineAnswer } from './engine.ts';
import { askJoins, type JoinsSource, toJoined, toJoins, toJoinsOfPerson } from './identity/joins/ask-joins.ts';
import { type QueryBudget, toBudgetSettings } from './queries/budget.ts';
import { toLegs } from './queries/legs.ts';
import { pickMeasures } from './queries/pick-measures.ts';
import { toStatement } from './queries/to-statement.ts';
import { rollUp } from './rollups/ask/roll-up.ts';
import type { Statement } from './statement.ts';

/**
 * Answers a question of one project, leg by leg; all of them share the budget, and persons are whom they joined by now.
 * Columns `segment` and `period` stand before its own where asked for. Throws `query_over_budget`.
 */
export async function askQuestion(
  engine: Engine,
  budget: QueryBudget,
  { projectId, question, now }: { projectId: string; question: Question; now: number },
): Promise<EngineAnswer> {
  const startedAt = performance.now();
  const rows: unknown[][] = [];
  let columns: string[] = [];
  let rowsRead = 0;
  let groups: string[] = [];
  let source: JoinsSource | null = null;
  /** What is left, also of the time that looking up who joined whom took. */
  const toSettingsNow = (): string =>
    toBudgetSettings(toBudgetLeft(budget, { seconds: (performance.now() - startedAt) / 1_000, rowsRead }));
  for (const { labels, question: asked } of toLegs(question)) {
    const isCompared = labels['period'] === 'compared';
    // The largest groups of one time need not be those of the other: the same ones are compared.
    const only = isCompared && groups.length > 0 ? groups : undefined;
    const rolled = await rollUp(engine, toSettingsNow(), { projectId, question: asked, only });
    const { sql, params } = rolled ?? pickMeasures(asked, toStatement(projectId, asked, { now, only }));
    // Not before it is needed: counts that are rolled up name no person.
    const namesPersons = rolled?.namesPersons ?? needsJoins(asked);
    if (namesPersons) source ??= await askJoins(engine, projectId);
    const joins =
      namesPersons && source !== null ? (rolled === null ? toJoinsOf(asked, source) : toJoined(source)) : null;
    const answer = await engine.ask({
      sql: `${joins?.sql ?? ''}${sql}\n${toSettingsNow()}`,
      params: { ...params, ...joins?.params },
    });
    columns = [...Object.keys(labels), ...answer.columns];
    rows.push(...answer.rows.map((row) => [...Object.values(labels), ...row]));
    rowsRead += answer.rowsRead;
    groups = answer.rows.map(([group]) => String(group));
  }
  return { columns, rows, rowsRead };
}

/** Questions that name no person: none of them would read who joined whom. */
const impersonal: readonly Question['question'][] = ['events', 'session_events', 'property_keys', 'property_values'];

function needsJoins({ question }: Question): boolean {
  return !impersonal.includes(question);
}

function toJoinsOf({ question }: Question, source: JoinsSource): Statement {
  return question === 'person_timeline' ? toJoinsOfPerson(source) : toJoins(source);
}

function toBudgetLeft(budget: QueryBudget, spent: { seconds: number; rowsRead: number }): QueryBudget {
  // To the millisecond; none left would mean no bound.
  const maxSeconds = Math.floor((budget.maxSeconds - spent.seconds) * 1_000) / 1_000;
  const maxRowsRead = budget.maxRowsRead - spent.rowsRead;
  if (maxSeconds <= 0 || maxRowsRead <= 0) {
    throw new AppError(
      'query_over_budget',
      'The question passed its budget of time or rows before its last segment or time was read: ask for fewer, or a shorter time',
    );
  }
  return { ...budget, maxSeconds, maxRowsRead };
}
