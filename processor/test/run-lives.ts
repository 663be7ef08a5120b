import { createMemoryLog, type LogReader } from '@px-platform/log';
import { createLogger } from '@px-platform/runtime';
import { encodeLogRecord } from '@px-platform/schemas';
import {
  createMemoryAuditStore,
  createMemoryPurgeStore,
  createMemorySaltStore,
  type EventStore,
} from '@px-platform/store';
import { processorConfigSchema } from '../src/config.ts';
import { createProcessorMetrics } from '../src/metrics.ts';
import { startProcessor } from '../src/processor.ts';
import { makePipelineEvent } from './pipeline-event.ts';

/** Events of one person that lie in the log as one record, by their ids. */
export interface SentRecord {
  readonly person: string;
  readonly ids: readonly string[];
}

/** One life of the processor: how many events its batches have, and the point at which it is killed. */
export interface Life {
  readonly batchSize: number;
  /** It takes so many batches, and is killed in the next. */
  readonly batches: number;
  /** Where: with some of the rows stored, all but no sessions, all but no commit. */
  readonly killedAt: 'rows' | 'sessions' | 'commit';
  /** Of the rows, those whose bit stands here are stored. */
  readonly keep: number;
}

const geo = { find: () => null, revision: () => 0, describe: () => ({ files: [], attribution: '' }) };

/**
 * Puts records into a log in memory and lets processors work on it that are killed one after the other, the last one
 * to the end: each reads what is not committed in batches of its own size. `store` outlives them.
 */
export async function runLives(options: {
  readonly store: EventStore;
  readonly projectId: string;
  readonly records: readonly SentRecord[];
  readonly lives: readonly Life[];
  /** Epoch ms: the clock, which stands still. */
  readonly now: number;
}): Promise<void> {
  const { store, projectId, records, lives, now } = options;
  const log = createMemoryLog({ partitions: 2, maxBytes: 1e9, clock: () => now });
  for (const { person, ids } of records) {
    const events = ids.map((event_id) => ({ event: 'page_view', event_id, anonymous_id: person }));
    const own = { project_id: projectId, person_key: person, received_at: now, events };
    await log.append([{ key: person, payload: encodeLogRecord(makePipelineEvent({ record: own }).record) }]);
  }
  for (const life of lives) {
    // What is left may be less than it would take.
    const killed = killing(store, log, life);
    await live(killed.store, killed.reader, life.batchSize, now).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    await killed.settled();
  }
  await live(store, log, 50, now);
}

class Killed extends Error {}

/** A store and a log that end the processor's life as told, once the batches before are stored. */
function killing(store: EventStore, log: LogReader, life: Life) {
  const inserts: Promise<void>[] = [];
  let isDead = false;
  const insert: EventStore['insert'] = (batch) => {
    const inserting = store.insert(batch);
    inserts.push(inserting);
    return inserting;
  };
  const last: EventStore['insert'] = (batch) => {
    if (life.killedAt === 'commit') return insert(batch);
    // A range that holds nothing: of these rows no session is derived.
    if (life.killedAt === 'sessions') return insert({ ...batch, firstOffset: 1e9, lastOffset: 1e9 });
    return insert({ ...batch, rows: batch.rows.filter((_, at) => ((life.keep >> (at % 8)) & 1) === 1) });
  };
  const dying: EventStore = {
    ...store,
    async insert(batch) {
      if (isDead) throw new Killed();
      if (inserts.length < life.batches) return insert(batch);
      isDead = true;
      await last(batch);
      throw new Killed();
    },
  };
  const reader: LogReader = {
    ...log,
    async commit(partition, next) {
      if (isDead) throw new Killed();
      return log.commit(partition, next);
    },
  };
  return { store: dying, reader, settled: () => Promise.allSettled(inserts) };
}

async function live(store: EventStore, reader: LogReader, batchSize: number, now: number): Promise<void> {
  const clock = (): number => now;
  const processor = startProcessor({
    config: processorConfigSchema.parse({ BATCH_SIZE: batchSize, FLUSH_INTERVAL_MS: 0, DEDUPE_MAX_IDS: 1_000 }),
    log: reader,
    store,
    audit: {
      log: createMemoryLog({ partitions: 1, maxBytes: 1e6, clock }),
      store: createMemoryAuditStore(),
    },
    salts: createMemorySaltStore(),
    purges: createMemoryPurgeStore(),
    geo,
    metrics: createProcessorMetrics(),
    tracer: null,
    clock,
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  await processor.stop(60_000);
}
