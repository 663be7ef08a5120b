import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLog } from '@px-platform/log';
import { type Clock, createLogger, systemClock } from '@px-platform/runtime';
import { type AcceptedEvent, encodeLogRecord, type LogRecord, questionSchema } from '@px-platform/schemas';
import { createMemoryAuditStore, type OpenStore, openEmbeddedStore } from '@px-platform/store';
import { processorConfigSchema } from '../../src/config.ts';
import type { GeoDatabase } from '../../src/geo/geo-database.ts';
import { createProcessorMetrics } from '../../src/metrics.ts';
import { startProcessor } from '../../src/processor.ts';
import { makePipelineEvent } from '../pipeline-event.ts';

/** A log of one partition, the real engine behind the processor, and a way to ask what came of it. */
export interface RealPipeline {
  readonly store: OpenStore;
  /** Appends a record's bytes as they are. */
  appendBytes(payload: Uint8Array): Promise<void>;
  /** Appends a record of these events, of one person. */
  append(projectId: string, events: readonly AcceptedEvent[], own?: Partial<LogRecord>): Promise<void>;
  /** Stores what the log holds; demands that nothing is left. */
  drain(): Promise<void>;
  /** Stores what the log holds and what is appended until it is stopped. */
  run(): RunningPipeline;
  /** Records that are not stored yet. */
  depth(): Promise<number>;
  ask(projectId: string, question: object): Promise<readonly unknown[][]>;
  close(): Promise<void>;
}

/** A processor at work. */
export interface RunningPipeline {
  /** Gives the sum of a metric over its labels. */
  read(metric: string): Promise<number>;
  /** Works off what the log holds; throws where anything is left after a minute. */
  stop(): Promise<void>;
}

const geo: GeoDatabase = {
  // An address that breaks the look-up: a fault of a stage, as there may be one.
  find(ip) {
    if (ip === '8.8.8.66') throw new TypeError('this address breaks the look-up');
    return null;
  },
  revision: () => 0,
  describe: () => ({ files: [], attribution: '' }),
};

let made = 0;
/** Gives an id that nobody has, made at this instant. */
export function toEventId(at = Date.now()): string {
  made += 1;
  const head = at.toString(16).padStart(12, '0');
  return `${head.slice(0, 8)}-${head.slice(8)}-7ccc-8ddd-${String(made).padStart(12, '0')}`;
}

/** Opens one on a new folder, which goes with it; `settings` are the processor's, `clock` tells it what is now. */
export async function openPipeline({
  settings = {},
  clock = systemClock,
}: {
  settings?: Record<string, number>;
  clock?: Clock;
} = {}): Promise<RealPipeline> {
  const path = mkdtempSync(join(tmpdir(), 'px-pipeline-'));
  const store = await openEmbeddedStore({ path, clock: systemClock });
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock });
  const auditLog = createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: systemClock });

  function run(): RunningPipeline {
    const metrics = createProcessorMetrics();
    const processor = startProcessor({
      config: processorConfigSchema.parse({
        BATCH_SIZE: 5_000,
        FLUSH_INTERVAL_MS: 0,
        DEDUPE_MAX_IDS: 50_000,
        ...settings,
      }),
      log,
      store: store.store,
      audit: { log: auditLog, store: createMemoryAuditStore() },
      salts: store.salts,
      purges: store.purges,
      geo,
      metrics,
      tracer: null,
      clock,
      logger: createLogger({ level: 'silent', name: 'test' }),
    });
    return {
      async read(name) {
        const metric = await metrics.registry.getSingleMetric(name)?.get();
        return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
      },
      async stop() {
        await processor.stop(60_000);
        const { depth } = await log.status();
        if (depth > 0) throw new Error(`${depth} records hold the partition up`);
      },
    };
  }

  return {
    store,
    async appendBytes(payload) {
      await log.append([{ key: 'a', payload }]);
    },
    async append(projectId, events, own = {}) {
      const person_key = events[0]?.anonymous_id ?? 'anna';
      const { record } = makePipelineEvent({
        record: { project_id: projectId, person_key, received_at: Date.now(), events: [...events], ...own },
      });
      await log.append([{ key: person_key, payload: encodeLogRecord(record) }]);
    },
    drain: () => run().stop(),
    run,
    depth: async () => (await log.status()).depth,
    async ask(projectId, question) {
      const range = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
      const answer = await store.reader.ask(projectId, questionSchema.parse({ ...range, ...question }));
      return answer.rows;
    },
    async close() {
      await store.store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
