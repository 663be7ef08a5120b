import type { LogReader } from '@px-platform/log';
import type { Clock, Logger, Tracer } from '@px-platform/runtime';
import type { AuditStore, EventStore, PurgeStore, SaltStore, Uncommitted } from '@px-platform/store';
import { consumeAudit } from './audit/consume-audit.ts';
import type { ProcessorConfig } from './config.ts';
import { consume } from './consume.ts';
import type { ConsumeSignals } from './consume-signals.ts';
import type { DatacenterList } from './datacenter/datacenter-list.ts';
import { createHeldRows, type HeldRows } from './dedupe/held-rows.ts';
import { findWaitingSince } from './find-waiting-since.ts';
import type { GeoDatabase } from './geo/geo-database.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import { createPipeline } from './pipeline.ts';
import { keepSalts, renewSalts } from './privacy/keep-salts.ts';
import { createSaltBook } from './privacy/salt-book.ts';
import { createBatchGate } from './purge/batch-gate.ts';
import { resumePurges, runPurges } from './purge/run-purges.ts';
import { createTombstoneBook } from './purge/tombstone-book.ts';
import { retrying } from './retrying.ts';
import { warm } from './warm.ts';

/** What the processor needs from outside. */
export interface ProcessorDeps {
  readonly config: ProcessorConfig;
  readonly reader: LogReader;
  readonly store: EventStore;
  /** The audit topic, and where its events are stored. */
  readonly audit: { readonly reader: LogReader; readonly store: AuditStore };
  /** Of the visitors whom projects count without consent. */
  readonly salts: SaltStore;
  /** Persons to be removed. */
  readonly purges: PurgeStore;
  readonly geo: GeoDatabase;
  /** Null where nobody gave any. */
  readonly datacenters?: DatacenterList | null;
  readonly metrics: ProcessorMetrics;
  /** Null where nobody takes traces. */
  readonly tracer: Tracer | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A running processor. */
export interface Processor {
  /** Settles when it has ended; rejects where it can't go on (the log can't be read, a fault of ours). */
  readonly ended: Promise<void>;
  /** Throws until the state is warm and after the loop has failed: a readiness check. */
  check(): Promise<void>;
  /** Works off what the log holds, for at most `drainMs`, then ends; what is left is there at the next start. */
  stop(drainMs: number): Promise<void>;
}

/** Warms the state from the store, then consumes every partition of both topics until it is stopped. */
export function startProcessor(deps: ProcessorDeps): Processor {
  const stopping = new AbortController();
  const aborted = new AbortController();
  let state: 'warming' | 'running' | 'ended' | 'failed' = 'warming';

  const ended = run(deps, { stopping: stopping.signal, aborted: aborted.signal }, () => {
    state = 'running';
  }).then(
    () => {
      state = 'ended';
    },
    (error: unknown) => {
      state = 'failed';
      throw error;
    },
  );

  return {
    ended,
    async check() {
      if (state !== 'running') throw new Error(`the processor is ${state}`);
    },
    async stop(drainMs) {
      stopping.abort();
      const deadline = new AbortController();
      await Promise.race([ended, pause(drainMs, deadline.signal)]);
      deadline.abort();
      aborted.abort();
      await ended;
    },
  };
}

async function run(deps: ProcessorDeps, signals: ConsumeSignals, onWarm: () => void): Promise<void> {
  const { reader, store, config, clock } = deps;
  const except = await Promise.all(
    reader.partitions.map(async (partition) => ({
      logId: reader.logId,
      partition,
      fromOffset: await reader.committed(partition),
    })),
  );
  const now = clock();
  const salts = createSaltBook();
  await retrying(deps, signals, () => renewSalts(deps, salts));
  const tombstones = createTombstoneBook();
  const gate = createBatchGate();
  const purging = { ...deps, tombstones, gate };
  // Before the state is warmed: what is removed must not be in it.
  await retrying(deps, signals, () => resumePurges(purging));
  const held = await findHeldRows(deps, except, signals);
  if (held === null) return;
  const coveredSince = now - config.DEDUPE_WINDOW_MS;
  const waitingSince = await findWaitingSince(reader, except, now);
  // A store that goes away meanwhile is waited for, and the state made anew: half of it must not be added twice.
  const pipeline = await retrying(deps, signals, async () => {
    const { geo, datacenters = null } = deps;
    const cold = createPipeline({ config, geo, datacenters, salts, tombstones, coveredSince, held });
    await warm({ pipeline: cold, store, except, now, waitingSince });
    return cold;
  });
  if (pipeline === null) return;
  deps.logger.info({ ids: pipeline.window.size, persons: pipeline.book.persons }, 'the processor is warm');
  onWarm();
  const audit = { ...deps, reader: deps.audit.reader, auditStore: deps.audit.store, letters: store };
  await Promise.all([
    keepSalts(deps, salts, signals.stopping),
    runPurges(purging, signals),
    ...reader.partitions.map((partition) => consume({ ...deps, pipeline, gate, held }, partition, signals)),
    ...audit.reader.partitions.map((partition) => consumeAudit(audit, partition, signals)),
  ]);
}

/** Asks the store what a crash left of each partition, before any of them is read; null when it is time to end. */
async function findHeldRows(
  deps: ProcessorDeps,
  uncommitted: readonly Uncommitted[],
  signals: ConsumeSignals,
): Promise<HeldRows | null> {
  const places = new Map<number, ReadonlySet<string>>();
  for (const one of uncommitted) {
    const held = await retrying(deps, signals, () => deps.store.heldOf(one));
    if (held === null) return null;
    places.set(one.partition, held);
  }
  return createHeldRows(places);
}
