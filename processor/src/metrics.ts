import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The processor's telemetry: the one place where its metrics are named. */
export interface ProcessorMetrics {
  readonly registry: Registry;
  readonly events: Counter;
  readonly rows: Counter;
  readonly auditRows: Counter;
  readonly drops: Counter<'reason'>;
  readonly deadLetters: Counter<'reason'>;
  /** Of their topic, by what became of them: whole, cut, failed. */
  readonly publishedLetters: Counter<'outcome'>;
  readonly lookedUpIds: Counter;
  readonly stageSeconds: Histogram<'stage'>;
  readonly insertSeconds: Histogram;
  readonly insertRetries: Counter;
  readonly batchRows: Histogram;
  /** Where the store is several servers: 1 for the one in use, and for those that are away. */
  readonly storeReplicaInUse: Gauge<'replica'>;
  readonly storeReplicaAway: Gauge<'replica'>;
  readonly storeFailovers: Counter;
  /** What a crash left behind, as the start found it. */
  readonly heldRows: Gauge<'partition'>;
  readonly windowIds: Gauge;
  readonly persons: Gauge;
  /** By what became of them: exported, failed, dropped; `untraced` are records beyond those that a batch traces. */
  readonly spans: Counter<'outcome'>;
  /** By what became of them: loaded, refused. */
  readonly geoLoads: Counter<'outcome'>;
  /** As `geoLoads`. */
  readonly datacenterLoads: Counter<'outcome'>;
  readonly cacheHits: Gauge<'cache'>;
  readonly cacheMisses: Gauge<'cache'>;
}

/** Builds the processor's metrics on a registry of their own. */
export function createProcessorMetrics(): ProcessorMetrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    events: new Counter({ name: 'px_processor_events_total', help: 'Events read from the log.', registers }),
    rows: new Counter({ name: 'px_processor_rows_total', help: 'Rows stored.', registers }),
    auditRows: new Counter({ name: 'px_processor_audit_rows_total', help: 'Audit rows stored.', registers }),
    drops: new Counter({
      name: 'px_processor_drops_total',
      help: 'Events dropped, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    deadLetters: new Counter({
      name: 'px_processor_dead_letters_total',
      help: 'Records and events set aside for a replay, by reason.',
      labelNames: ['reason'],
      registers,
    }),
    publishedLetters: new Counter({
      name: 'px_processor_dead_letters_published_total',
      help: 'Dead letters sent to their topic, by what became of them: whole; cut to what the topic takes; failed: in the store alone.',
      labelNames: ['outcome'],
      registers,
    }),
    lookedUpIds: new Counter({
      name: 'px_processor_looked_up_ids_total',
      help: 'Ids older than the dedupe window, looked up in the store.',
      registers,
    }),
    stageSeconds: new Histogram({
      name: 'px_processor_stage_seconds',
      help: 'Time of a stage over one slice of events.',
      labelNames: ['stage'],
      buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5],
      registers,
    }),
    insertSeconds: new Histogram({
      name: 'px_processor_insert_seconds',
      help: 'Time of storing one batch, sessions included.',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    insertRetries: new Counter({
      name: 'px_processor_insert_retries_total',
      help: 'Steps of a batch, or of the start, tried again: the store or the disk did not take it.',
      registers,
    }),
    batchRows: new Histogram({
      name: 'px_processor_batch_rows',
      help: 'Rows in a batch.',
      buckets: [1, 10, 100, 1_000, 5_000, 10_000, 50_000],
      registers,
    }),
    storeReplicaInUse: new Gauge({
      name: 'px_processor_store_replica_in_use',
      help: '1 for the replica of the store that is written, where CLICKHOUSE_URL names several.',
      labelNames: ['replica'],
      registers,
    }),
    storeReplicaAway: new Gauge({
      name: 'px_processor_store_replica_away',
      help: '1 while a replica of the store is away or refuses.',
      labelNames: ['replica'],
      registers,
    }),
    storeFailovers: new Counter({
      name: 'px_processor_store_failovers_total',
      help: 'Turns from one replica of the store to another.',
      registers,
    }),
    spans: new Counter({
      name: 'px_processor_trace_spans_total',
      help: 'Spans of traces, by what became of them: exported, failed, dropped; untraced: records beyond what a batch traces.',
      labelNames: ['outcome'],
      registers,
    }),
    geoLoads: new Counter({
      name: 'px_processor_geo_loads_total',
      help: 'Geo database files read, by what became of them: loaded; refused: broken or missing, the one before stays.',
      labelNames: ['outcome'],
      registers,
    }),
    datacenterLoads: new Counter({
      name: 'px_processor_datacenter_loads_total',
      help: "Lists of datacentres' networks read, by what became of them, as of geo databases.",
      labelNames: ['outcome'],
      registers,
    }),
    heldRows: new Gauge({
      name: 'px_processor_held_rows',
      help: 'Rows that the store held above the committed position at the start: what a kill left behind, not inserted again.',
      labelNames: ['partition'],
      registers,
    }),
    windowIds: new Gauge({ name: 'px_processor_window_ids', help: 'Ids in the dedupe window.', registers }),
    cacheHits: new Gauge({
      name: 'px_processor_cache_hits',
      help: 'Look-ups answered from memory since the start, by cache.',
      labelNames: ['cache'],
      registers,
    }),
    cacheMisses: new Gauge({
      name: 'px_processor_cache_misses',
      help: 'Look-ups worked out anew since the start, by cache.',
      labelNames: ['cache'],
      registers,
    }),
    persons: new Gauge({ name: 'px_processor_session_persons', help: 'Persons whose sessions are held.', registers }),
  };
}
