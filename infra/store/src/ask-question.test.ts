import { questionSchema } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import { askQuestion } from './ask-question.ts';
import type { Engine, EngineAnswer } from './engine.ts';
import { defaultQueryBudget } from './queries/budget.ts';
import type { Statement } from './statement.ts';

const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };

/** An engine that reads 60 rows for each statement and names two pages; nobody was identified, unless `isIdentified`. */
function createReadingEngine(isIdentified = false): { engine: Engine; statements: Statement[] } {
  const statements: Statement[] = [];
  const ask = async (statement: Statement): Promise<EngineAnswer> => {
    if (statement.sql.includes('FROM identity_claims')) {
      return { columns: ['1'], rows: isIdentified ? [[1]] : [], rowsRead: 1 };
    }
    statements.push(statement);
    if (statement.sql.includes('FROM rollup_hours')) return { columns: ['at'], rows: [], rowsRead: 0 };
    return { columns: ['path'], rows: [['/a'], ['/b']], rowsRead: 60 };
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    engine: { ask, run: nothing, insert: nothing, askEach: async () => [], insertBinary: nothing, close: nothing },
    statements,
  };
}

function ask(engine: Engine, maxRowsRead: number, own: object): Promise<EngineAnswer> {
  const question = questionSchema.parse({ question: 'pages', ...range, ...own });
  return askQuestion(engine, { ...defaultQueryBudget, maxRowsRead }, { projectId: 'prj_a', question, now: 0 });
}

const segments = [{ name: 'one' }, { name: 'two' }, { name: 'three' }];

it('reads segments out of one budget', async () => {
  const { engine, statements } = createReadingEngine();
  expect((await ask(engine, 200, { segments })).rowsRead).toBe(180);
  const bounds = statements.map(({ sql }) => /max_rows_to_read = (\d+)/.exec(sql)?.[1]);
  expect(bounds).toEqual(['200', '140', '80']);
});

it('is refused where nothing of the budget is left for the last', async () => {
  const { engine, statements } = createReadingEngine();
  await expect(ask(engine, 120, { segments })).rejects.toMatchObject({ code: 'query_over_budget' });
  expect(statements).toHaveLength(2);
});

it('names the groups of its own segment to the time compared with', async () => {
  const { engine, statements } = createReadingEngine();
  const answer = await ask(engine, 1_000, { segments: segments.slice(0, 2), compare: 'previous_period' });
  expect(statements.map(({ params }) => params['only'])).toEqual([undefined, ['/a', '/b'], undefined, ['/a', '/b']]);
  expect(answer.columns).toEqual(['segment', 'period', 'path']);
  expect(answer.rows.map((row) => row.join(' '))).toEqual(
    ['one', 'two'].flatMap((name) => [`${name} current`, `${name} compared`].flatMap((of) => [`${of} /a`, `${of} /b`])),
  );
});

it.each([
  [
    true,
    /^WITH \(SELECT [^\n]* FROM \(SELECT id_hash, person_hash FROM person_joins\(project = \{project:String\}\)\)\) AS joins\nSELECT/,
  ],
  [false, /^WITH \(SELECT [^\n]* FROM \(SELECT toUInt64\(0\) [^\n]* WHERE false\)\) AS joins\nSELECT/],
])('looks up who joined whom where anybody was identified: %s', async (isIdentified, sql) => {
  const { engine, statements } = createReadingEngine(isIdentified);
  await ask(engine, 1_000, {});
  expect(statements.map((statement) => statement.sql)).toEqual([expect.stringMatching(sql)]);
});

it('joins who joined whom to what is made of hours, and looks up nobody where no visitors are asked for', async () => {
  const { engine, statements } = createReadingEngine(true);
  await ask(engine, 1_000, { question: 'overview' });
  await ask(engine, 1_000, { question: 'overview', measures: ['sessions'] });
  expect(statements.filter(({ sql }) => sql.includes('FROM session_hours')).map(({ sql }) => sql)).toEqual([
    expect.stringMatching(
      /^WITH joined AS \(SELECT id_hash, person_hash FROM \([^\n]+\)\)\nSELECT [\s\S]+ JOIN joined ON /,
    ),
    expect.stringMatching(/^\nSELECT [\s\S]+ toUInt64\(0\) AS person /),
  ]);
});

it('looks up nobody for a question that names no person', async () => {
  const { engine, statements } = createReadingEngine(true);
  await ask(engine, 1_000, { question: 'events' });
  expect(statements.map((statement) => statement.sql)).toEqual([expect.stringMatching(/^\nSELECT/)]);
});
