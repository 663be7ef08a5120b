import type { LogGroup, LogReader } from '@px-platform/log';
import type { Clock, Logger, Tracer } from '@px-platform/runtime';
import type { AuditStore, EventStore, PurgeStore, SaltStore } from '@px-platform/store';
import { consumeAudit } from './audit/consume-audit.ts';
import type { ProcessorConfig } from './config.ts';
import { consumeEvents } from './consume-events.ts';
import { consumeLog } from './consume-log.ts';
import type { ConsumeSignals } from './consume-signals.ts';
import type { DatacenterList } from './datacenter/datacenter-list.ts';
import type { GeoDatabase } from './geo/geo-database.ts';
import type { LetterTopic } from './letters/letter-topic.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import { keepSalts, renewSalts } from './privacy/keep-salts.ts';
import { createSaltBook } from './privacy/salt-book.ts';
import { createBatchGate } from './purge/batch-gate.ts';
import { shareTombstones } from './purge/share-tombstones.ts';
import { createTombstoneBook } from './purge/tombstone-book.ts';
import { type RetryDeps, retrying } from './retrying.ts';

/** What the processor needs from outside. */
export interface ProcessorDeps {
  readonly config: ProcessorConfig;
  /** All of it, or this processor's membership of those who share it. */
  readonly log: LogReader | LogGroup;
  readonly store: EventStore;
  /** The audit topic, and where its events are stored. */
  readonly audit: { readonly log: LogReader | LogGroup; readonly store: AuditStore };
  /** Where dead letters of both are published beside the store; null where there are no brokers. */
  readonly letterTopic?: LetterTopic | null;
  /** Of the visitors whom projects count without consent. */
  readonly salts: SaltStore;
  /** Persons to be removed. */
  readonly purges: PurgeStore;
  readonly geo: GeoDatabase;
  /** Null where nobody gave any. */
  readonly datacenters?: DatacenterList | null;
  /** How long a batch under way may go on when its partition is taken away, ms; 10,000 unless told. */
  readonly letGoMs?: number;
  /** What one processor of a group does for all, until the signal is aborted. */
  readonly upkeep?: readonly Upkeep[];
  readonly metrics: ProcessorMetrics;
  /** Null where nobody takes traces. */
  readonly tracer: Tracer | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What keeps the store in order beside the batches: made by who holds partition 0. */
export type Upkeep = (aborted: AbortSignal) => Promise<void>;

/** A running processor. */
export interface Processor {
  /** Settles when it has ended; rejects where it can't go on (the log can't be read, a fault of ours). */
  readonly ended: Promise<void>;
  /** Throws until the state is warm, with what is waited for, and after the loop has failed: a readiness check. */
  check(): Promise<void>;
  /** Works off what the log holds, for at most `drainMs`, then ends; what is left is there at the next start. */
  stop(drainMs: number): Promise<void>;
}

/** Warms the state from the store, then consumes what it holds of both topics until it is stopped. */
export function startProcessor(deps: ProcessorDeps): Processor {
  const stopping = new AbortController();
  const aborted = new AbortController();
  let state: 'warming' | 'running' | 'ended' | 'failed' = 'warming';
  let waitsFor: string | null = null;
  const onWait = (why: string): void => {
    waitsFor = why;
  };

  const ended = run({ ...deps, onWait }, { stopping: stopping.signal, aborted: aborted.signal }, () => {
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
      if (state === 'running') return;
      const why = state === 'warming' && waitsFor !== null ? `, and waits: ${waitsFor}` : '';
      throw new Error(`the processor is ${state}${why}`);
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

async function run(deps: ProcessorDeps & RetryDeps, signals: ConsumeSignals, onWarm: () => void): Promise<void> {
  const salts = createSaltBook();
  await retrying(deps, signals, () => renewSalts(deps, salts));
  const shared = {
    ...deps,
    letters: deps.store,
    salts,
    purges: shareTombstones(deps.purges),
    tombstones: createTombstoneBook(),
    gate: createBatchGate(),
  };
  const audit = { ...deps, auditStore: deps.audit.store, letters: deps.store };
  await Promise.all([
    keepSalts(deps, salts, signals.stopping),
    consumeLog(deps.log, signals, deps, (reader, ending) => consumeEvents({ ...shared, reader }, ending, onWarm)),
    consumeLog(deps.audit.log, signals, deps, async (reader, ending) => {
      await Promise.all(reader.partitions.map((partition) => consumeAudit({ ...audit, reader }, partition, ending)));
    }),
  ]);
}
