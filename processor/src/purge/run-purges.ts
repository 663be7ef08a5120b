import { type Clock, isAppError, type Logger } from '@px-platform/runtime';
import type { Purge, PurgeStore } from '@px-platform/store';
import type { ConsumeSignals } from '../consume-signals.ts';
import { pause } from '../pause.ts';
import type { BatchGate } from './batch-gate.ts';
import type { TombstoneBook } from './tombstone-book.ts';
import { createTombstonePace } from './tombstone-pace.ts';

const pollMs = 1_000;
/** Tombstones are read this far back: the store's clock stamps them, and not ours. */
const overlapMs = 60_000;

/** What removing persons needs from outside. */
export interface PurgeDeps {
  readonly purges: PurgeStore;
  readonly tombstones: TombstoneBook;
  readonly gate: BatchGate;
  /**
   * How long the processors beside this one are given to read a new tombstone and to store the batches that they made before, ms; 0
   * where there are none.
   */
  readonly settleMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Before any batch is made: reads the tombstones and, where this processor leads, finishes what a crash left behind, so that
 * what it was about to remove is all there is of the person. Throws `store_unavailable`.
 */
export async function resumePurges(deps: PurgeDeps, leads: boolean, aborted: AbortSignal): Promise<void> {
  const { purges, tombstones, clock } = deps;
  if (leads) await purges.tidy();
  tombstones.add(await purges.tombstones(0));
  if (!leads) return;
  for (const purge of await purges.pending()) await carryOut(deps, purge, purge.deletedBefore ?? clock(), aborted);
}

/**
 * Each second, until it is time to end: takes the tombstones that another processor set, less often while no batch is made, and, where
 * this one leads, carries out what was asked for, while no batch is under way. What fails for the store's sake is tried again.
 */
export async function runPurges(deps: PurgeDeps, { stopping, aborted }: ConsumeSignals, leads: boolean): Promise<void> {
  const { purges, tombstones, gate, clock, logger } = deps;
  const pace = createTombstonePace();
  while (!stopping.aborted) {
    await pause(pollMs, stopping);
    if (stopping.aborted) return;
    try {
      const batches = gate.entered();
      if (pace.isDue(batches)) {
        tombstones.add(await purges.tombstones(clock() - overlapMs));
        pace.readAt(batches);
      }
      if (!leads) continue;
      const [next] = await purges.pending();
      if (next === undefined || !(await gate.close(aborted))) continue;
      try {
        await carryOut(deps, next, clock(), aborted);
      } finally {
        gate.open();
      }
    } catch (error) {
      if (!isAppError(error, 'store_unavailable') && !isAppError(error, 'query_over_budget')) throw error;
      logger.warn({ err: error }, 'a purge could not be carried out; it is tried again');
    }
  }
}

/** The tombstones count before anything is deleted: what is read from the log afterwards may be late. */
async function carryOut(
  { purges, tombstones, settleMs, clock, logger }: PurgeDeps,
  purge: Purge,
  before: number,
  aborted: AbortSignal,
): Promise<void> {
  const begun = await purges.begin(purge, before);
  if (begun.state === 'refused') {
    logger.warn({ purge_id: purge.id, ids: begun.ids }, 'a purge is refused: too many ids, or its request broke off');
    return;
  }
  tombstones.add(await purges.tombstones(0));
  await pause(settleMs, aborted);
  // Carried out by who leads next.
  if (settleMs > 0 && aborted.aborted) return;
  const { state, ids, left } = await purges.finish(begun, clock());
  logger.info({ purge_id: purge.id, project_id: purge.projectId, state, ids, left }, 'a person was purged');
}
