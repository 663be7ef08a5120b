import type { GroupReader } from '@px-platform/log';
import type { Uncommitted } from '@px-platform/store';
import { type ConsumeDeps, consume } from './consume.ts';
import type { ConsumeSignals } from './consume-signals.ts';
import type { DatacenterList } from './datacenter/datacenter-list.ts';
import { createHeldRows, type HeldRows } from './dedupe/held-rows.ts';
import { findWaitingSince } from './find-waiting-since.ts';
import type { GeoDatabase } from './geo/geo-database.ts';
import { createPipeline } from './pipeline.ts';
import { isOfGroup } from './planned-batch.ts';
import type { SaltBook } from './privacy/salt-book.ts';
import { purgeSettleMs } from './purge/purge-settle-ms.ts';
import { resumePurges, runPurges } from './purge/run-purges.ts';
import { retrying } from './retrying.ts';
import { warm } from './warm.ts';

/** What working off a reader's partitions needs from outside. */
export interface EventsDeps extends Omit<ConsumeDeps, 'pipeline' | 'held'> {
  readonly salts: SaltBook;
  readonly geo: GeoDatabase;
  readonly datacenters?: DatacenterList | null;
  readonly upkeep?: readonly ((aborted: AbortSignal) => Promise<void>)[];
}

/**
 * Warms the state from the store, then consumes the reader's partitions until it is time to end. Who holds partition 0 also
 * carries out purges and what else is done once for all. Throws where the log can't be read, `log_revoked` where a group has
 * taken the partitions away.
 */
export async function consumeEvents(deps: EventsDeps, signals: ConsumeSignals, onWarm: () => void): Promise<void> {
  const { reader, store, config, clock, upkeep = [] } = deps;
  const leads = reader.partitions.includes(0);
  const purging = { ...deps, settleMs: isOfGroup(reader) ? purgeSettleMs : 0 };
  const uncommitted = await Promise.all(
    reader.partitions.map(async (partition) => ({
      logId: reader.logId,
      partition,
      fromOffset: await reader.committed(partition),
    })),
  );
  const except = isOfGroup(reader) ? await findPlanned(reader, uncommitted) : uncommitted;
  const now = clock();
  // Before the state is warmed: what is removed must not be in it.
  await retrying(deps, signals, () => resumePurges(purging, leads, signals.aborted));
  const held = await findHeldRows(deps, uncommitted, signals);
  if (held === null) return;
  const coveredSince = now - config.DEDUPE_WINDOW_MS;
  const waitingSince = await findWaitingSince(reader, uncommitted, now);
  // A store that goes away meanwhile is waited for, and the state made anew: half of it must not be added twice.
  const pipeline = await retrying(deps, signals, async () => {
    const { geo, datacenters = null, salts, tombstones } = deps;
    const cold = createPipeline({ config, geo, datacenters, salts, tombstones, coveredSince, held });
    await warm({ pipeline: cold, store, except, now, waitingSince, ...(isOfGroup(reader) ? { share: reader } : {}) });
    return cold;
  });
  if (pipeline === null || signals.aborted.aborted) return;
  deps.logger.info({ ids: pipeline.window.size, persons: pipeline.book.persons }, 'the processor is warm');
  onWarm();
  const ending = AbortSignal.any([signals.stopping, signals.aborted]);
  await Promise.all([
    runPurges(purging, signals, leads),
    ...(leads ? upkeep.map((keep) => keep(ending)) : []),
    ...reader.partitions.map((partition) => consume({ ...deps, pipeline, held }, partition, signals)),
  ]);
}

/**
 * Asks the store what a crash left of each partition, before any of them is read; null when it is time to end. In a group there is
 * nothing to ask for: another member may be storing still, and a planned batch is told by its name.
 */
async function findHeldRows(
  deps: EventsDeps,
  uncommitted: readonly Uncommitted[],
  signals: ConsumeSignals,
): Promise<HeldRows | null> {
  const places = new Map<number, ReadonlySet<string>>();
  for (const one of isOfGroup(deps.reader) ? [] : uncommitted) {
    const held = await retrying(deps, signals, () => deps.store.heldOf(one));
    if (held === null) return null;
    places.set(one.partition, held);
  }
  return createHeldRows(places);
}

/**
 * Gives the batches that were planned and not committed: what of them is stored is made again. What lies behind is not, unless the
 * offsets were set back by hand; then it is stored for good, and its ids are known.
 */
async function findPlanned(reader: GroupReader, uncommitted: readonly Uncommitted[]): Promise<Uncommitted[]> {
  const planned = await Promise.all(
    uncommitted.map(async (one) => ({ ...one, toOffset: await reader.planned(one.partition) })),
  );
  return planned.flatMap(({ toOffset, ...one }) => (toOffset === null ? [] : { ...one, toOffset }));
}
