import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { eventOrder, isPageView } from './measures.ts';
import { toSessions } from './sessions.ts';

/**
 * Gives where sessions went from a page: columns `step` (1 is the page after the start), `from_path`, `to_path` ('' where the session
 * ended), `sessions`; at each step the `limit` most frequent. A session counts once, from its first view of the start; a page
 * shown again right away is one.
 */
export function toPaths(projectId: string, question: QuestionOf<'paths'>): Statement {
  const views = `arrayMap(view -> view.2, arraySort(groupArrayIf((${eventOrder}, path), ${isPageView}))) AS shown`;
  const sessions = toSessions(projectId, question, [views]);
  return {
    sql: `
SELECT step, from_path, to_path, count() AS sessions
FROM (
    WITH arrayCompact(shown) AS pages,
        indexOf(pages, {start:String}) AS place,
        arraySlice(arrayPushBack(pages, ''), place, {depth:UInt8} + 1) AS walked
    SELECT arrayJoin(arrayMap(step -> (step, walked[step], walked[step + 1]), range(1, length(walked)))) AS move,
        move.1 AS step, move.2 AS from_path, move.3 AS to_path
    FROM ${sessions.sql}
    WHERE place > 0 AND is_session
)
GROUP BY step, from_path, to_path
ORDER BY step, sessions DESC, from_path, to_path
LIMIT {limit:UInt32} BY step`,
    params: { ...sessions.params, start: question.start, depth: question.depth, limit: question.limit },
  };
}
