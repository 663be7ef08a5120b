import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { toSample } from './sample.ts';

/** Gives the values that a field has: columns `value`, `events` (of a sample), the most frequent first; '' is none. */
export function toPropertyValues(projectId: string, question: QuestionOf<'property_values'>): Statement {
  const field = toFieldSql(question.field, 'field_path');
  const sample = toSample(projectId, question, { sql: `${field.sql} AS value`, params: field.params });
  return {
    sql: `
SELECT value, count() AS events
FROM ${sample.sql}
WHERE value != '' AND positionCaseInsensitiveUTF8(value, {search:String}) > 0
GROUP BY value
ORDER BY events DESC, value
LIMIT {limit:UInt32}`,
    params: { ...sample.params, search: question.search, limit: question.limit },
  };
}
