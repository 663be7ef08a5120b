import type { LogReader } from '@px-platform/log';
import type { Clock, Logger, Tracer } from '@px-platform/runtime';
import type { AuditStore, EventStore } from '@px-platform/store';
import { consumeAudit } from './audit/consume-audit.ts';
import type { ProcessorConfig } from './config.ts';
import { consume } from './consume.ts';
import { findWaitingSince } from './find-waiting-since.ts';
import type { GeoDatabase } from './geo/geo-database.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import { createPipeline } from './pipeline.ts';
import { warm } from './warm.ts';

/** What the processor needs from outside. */
export interface ProcessorDeps {
  readonly config: ProcessorConfig;
  readonly reader: LogReader;
  readonly store: EventStore;
  /** The audit topic, and where its events are stored. */
  readonly audit: { readonly reader: LogReader; readonly store: AuditStore };
  readonly geo: GeoDatabase;
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

async function run(
  deps: ProcessorDeps,
  signals: { stopping: AbortSignal; aborted: AbortSignal },
  onWarm: () => void,
): Promise<void> {
  const { reader, store, config, clock } = deps;
  const except = await Promise.all(
    reader.partitions.map(async (partition) => ({
      logId: reader.logId,
      partition,
      fromOffset: await reader.committed(partition),
    })),
  );
  const now = clock();
  const pipeline = createPipeline({ config, geo: deps.geo, coveredSince: now - config.DEDUPE_WINDOW_MS });
  const waitingSince = await findWaitingSince(reader, except, now);
  await warm({ pipeline, store, except, now, waitingSince });
  deps.logger.info({ ids: pipeline.window.size, persons: pipeline.book.persons }, 'the processor is warm');
  onWarm();
  const audit = { ...deps, reader: deps.audit.reader, auditStore: deps.audit.store, letters: store };
  await Promise.all([
    ...reader.partitions.map((partition) => consume({ ...deps, pipeline }, partition, signals)),
    ...audit.reader.partitions.map((partition) => consumeAudit(audit, partition, signals)),
  ]);
}
