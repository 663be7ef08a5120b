import type { UnansweredAttempt } from '../../src/retrying-client.ts';
import type { KillRecord } from '../kills/kill-one.ts';

/**
 * Sorts the requests that kills of the server cut off: `after` the append, where their rows are stored, and `before` it.
 * Requests that met a server that was away are none of these.
 */
export function sortUnanswered(
  kills: readonly Pick<KillRecord, 'kind' | 'killedAt'>[],
  unanswered: readonly UnansweredAttempt[],
  stored: ReadonlySet<string>,
): { readonly kills: number; readonly before: number; readonly after: number } {
  const cuts = kills.filter(({ kind }) => kind !== 'processor');
  const cut = unanswered.filter(({ startedAt, endedAt }) =>
    cuts.some(({ killedAt }) => startedAt <= killedAt && endedAt >= killedAt),
  );
  const after = cut.filter(({ requestId }) => stored.has(requestId)).length;
  return { kills: cuts.length, before: cut.length - after, after };
}
