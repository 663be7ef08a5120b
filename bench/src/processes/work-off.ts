import { createMemoryLog } from '@px-platform/log';
import {
  createProcessorMetrics,
  openGeoDatabase,
  type ProcessorMetrics,
  processorConfigSchema,
  startProcessor,
} from '@px-platform/processor';
import { createLogger } from '@px-platform/runtime';
import {
  createMemoryAuditStore,
  createMemoryPurgeStore,
  createMemorySaltStore,
  createMemoryStore,
  type EventStore,
  openEmbeddedStore,
  type RowBatch,
} from '@px-platform/store';
import { type EngineAlone, openEngineAlone, type PreparedBatch } from '@px-platform/store/engine-alone';
import { type MixLog, openMixLog } from '../mix/open-mix-log.ts';
import { answerParent } from './answer-parent.ts';
import { readProcessCost, resetPeak } from './process-cost.ts';
import type { Chunk, WorkOffJob, WorkOffResult } from './work-off-alone.ts';

// The processor works off the reference mix in a process that does nothing else: into rows that nobody keeps, into the store, or
// only as far as bytes, which the engine then takes alone.
const startAt = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000;
/** A day of a site with a million events. */
const eventsPerSecond = 12;
const logger = createLogger({ level: 'silent', name: 'bench' });

answerParent(async (message) => workOff(message as WorkOffJob));

async function workOff(job: WorkOffJob): Promise<WorkOffResult> {
  const mix = openMixLog({ seed: 1, startAt, eventsPerSecond, projectId: 'prj_reference' });
  const metrics = createProcessorMetrics();
  if (job.way === 'rows') return run(job, { mix, metrics, store: toStore(async () => undefined) });
  if (job.way === 'stored') {
    const { store } = await openEmbeddedStore({ path: job.folder, clock: mix.clock });
    const result = await run(job, { mix, metrics, store });
    await store.close();
    return result;
  }
  const engine = await openEngineAlone(job.folder);
  const prepared: PreparedBatch[] = [];
  const store = toStore(async (batch) => void prepared.push(await engine.prepare(batch)));
  const result = await run(job, { mix, metrics, store, takeAlone: () => takeAlone(engine, prepared) });
  const merged = job.isMerged ? { events: await engine.merge('events') } : {};
  await engine.close();
  return { ...result, ...merged };
}

/** Inserts what was prepared; only this counts. */
async function takeAlone(engine: EngineAlone, prepared: PreparedBatch[]): Promise<void> {
  for (const batch of prepared.splice(0)) await engine.insert(batch);
}

interface Ground {
  readonly mix: MixLog;
  readonly metrics: ProcessorMetrics;
  readonly store: EventStore;
  readonly takeAlone?: () => Promise<void>;
}

async function run(job: WorkOffJob, { mix, metrics, store, takeAlone }: Ground): Promise<WorkOffResult> {
  const geo = await openGeoDatabase({ checkIntervalMs: 1e9, count: () => undefined, logger });
  // What the first chunk is made of would count as work of the processor's start.
  let chunk = await mix.fill(job.chunkEvents);
  const processor = startProcessor({
    config: processorConfigSchema.parse({ BATCH_SIZE: job.batchRows, FLUSH_INTERVAL_MS: 100 }),
    log: mix.log,
    store,
    audit: {
      log: createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: mix.clock }),
      store: createMemoryAuditStore(),
    },
    salts: createMemorySaltStore(),
    purges: createMemoryPurgeStore(),
    geo: geo.database,
    metrics,
    tracer: null,
    clock: mix.clock,
    logger,
  });
  const chunks: Chunk[] = [];
  resetPeak(process.pid);
  for (let events = 0; ; chunk = await mix.fill(job.chunkEvents)) {
    const cost =
      takeAlone === undefined ? await timed(() => mix.drained()) : await mix.drained().then(() => timed(takeAlone));
    chunks.push({ ...cost, ...chunk });
    events += chunk.events;
    if (events >= job.events) break;
  }
  await processor.stop(60_000);
  return { chunks, peakBytes: readProcessCost(process.pid).peakBytes, stages: await readStages(metrics) };
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number; cpuSeconds: number }> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - startedAt) / 1_000, cpuSeconds: (user + system) / 1e6 };
}

/** Seconds of each stage, over all chunks. */
async function readStages(metrics: ProcessorMetrics): Promise<Record<string, number>> {
  const { values } = await metrics.stageSeconds.get();
  const sums = values.filter(({ metricName }) => metricName?.endsWith('_sum') === true);
  return Object.fromEntries(sums.map(({ labels, value }) => [String(labels.stage), value]));
}

/** A store that holds nothing, and gives each batch to `take`. */
function toStore(take: (batch: RowBatch) => Promise<void>): EventStore {
  return { ...createMemoryStore(), insert: take };
}
