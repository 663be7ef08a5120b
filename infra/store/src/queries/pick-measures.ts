import type { Question } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';

/** What stands before the measures in the rows of a question by groups or by time. */
const keys = { overview: [], timeseries: ['time'], breakdown: ['by'], pages: ['path'] } as const;

/** Gives the statement that answers only the measures asked for: the engine counts no others. */
export function pickMeasures(question: Question, { sql, params }: Statement): Statement {
  if (!('measures' in question) || question.measures === undefined) return { sql, params };
  const by = question.question === 'timeseries' && question.by !== undefined ? ['by'] : [];
  const columns = [...keys[question.question], ...by, ...question.measures];
  return { sql: `\nSELECT ${columns.join(', ')}\nFROM (${sql}\n)`, params };
}
