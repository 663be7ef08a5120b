import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '@px-platform/runtime';
import type { PurgeStore } from '@px-platform/store';
import type { PipelineEvent } from '../pipeline-event.ts';
import { findPurged } from './find-purged.ts';
import { purgeSettleMs } from './purge-settle-ms.ts';
import { createTombstoneBook, type TombstoneBook } from './tombstone-book.ts';

/** Two clocks tell the time that a purge waits: the leader's, and the store's. */
const slackMs = 1_000;

/** What a look back needs from outside. */
export interface LateRowsDeps {
  readonly purges: PurgeStore;
  readonly tombstones: TombstoneBook;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * After a batch is stored beside other processors: asks once more for the purge of whom its rows bring back. Looks at tombstones that were
 * stored at `since` (epoch ms) or later. One that is not seen here, or is younger than a purge waits before it deletes, is of a purge
 * that finds the rows; behind any other they may have come too late. So nothing of a purged person stays, however long an insert
 * was on its way. Throws `store_unavailable`.
 */
export async function purgeLateRows(
  { purges, tombstones, clock, logger }: LateRowsDeps,
  events: readonly PipelineEvent[],
  since: number,
): Promise<void> {
  const found = await purges.tombstones(since);
  tombstones.add(found);
  const settled = createTombstoneBook();
  settled.add(found.filter(({ ageMs }) => ageMs >= purgeSettleMs - slackMs));
  const asked = new Set<string>();
  for (const event of events) {
    const subject = findPurged(settled, event);
    const projectId = event.record.project_id;
    const name = subject === null ? '' : `${projectId} ${subject.kind} ${subject.value}`;
    if (subject === null || asked.has(name)) continue;
    asked.add(name);
    const id = randomUUID();
    await purges.request({ id, projectId, subject, at: clock() });
    logger.warn({ purge_id: id, project_id: projectId }, 'rows came behind a purge: the person is purged again');
  }
}
