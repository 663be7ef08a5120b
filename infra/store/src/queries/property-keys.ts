import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toSample } from './sample.ts';

/** Gives the paths below `properties` that events bear: columns `key`, `events` (of a sample), the most frequent first. */
export function toPropertyKeys(projectId: string, question: QuestionOf<'property_keys'>): Statement {
  const sample = toSample(projectId, question, { sql: 'arrayJoin(JSONAllPaths(properties)) AS key', params: {} });
  return {
    sql: `
SELECT key, count() AS events
FROM ${sample.sql}
WHERE positionCaseInsensitiveUTF8(key, {search:String}) > 0
GROUP BY key
ORDER BY events DESC, key
LIMIT {limit:UInt32}`,
    params: { ...sample.params, search: question.search, limit: question.limit },
  };
}
