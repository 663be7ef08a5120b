import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogEntry, LogReader } from '@px-platform/log';
import type { Clock, Logger, Tracer } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { EventStore, Uncommitted } from '@px-platform/store';
import type { ProcessorConfig } from './config.ts';
import type { ConsumeSignals } from './consume-signals.ts';
import { gather, maxBatchBytes } from './gather.ts';
import type { ProcessorMetrics } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';
import type { PipelineEvent } from './pipeline-event.ts';
import { retrying } from './retrying.ts';
import { runStage } from './run-stage.ts';
import { decode } from './stages/decode.ts';
import { type EventBatch, storeBatch } from './store-batch.ts';
import { type BatchTrace, traceBatch } from './trace-batch.ts';

/** What the loop needs from outside. */
export interface ConsumeDeps {
  readonly config: ProcessorConfig;
  readonly reader: LogReader;
  readonly store: EventStore;
  readonly pipeline: Pipeline;
  readonly metrics: ProcessorMetrics;
  readonly tracer: Tracer | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Events run through the stages in one turn of the event loop; requests are answered between turns. */
const sliceEvents = 200;

/**
 * Consumes one partition: poll, run, insert, commit, in that order. The next batch is made while this one is being
 * stored; it is inserted after this one's commit. What a crash left behind above the committed position is made again
 * from the same state and only what the store does not hold is inserted. A store that can't be reached or is short of
 * memory, and a disk that refuses the commit, are tried again until they do. Throws where the log can't be read.
 */
export async function consume(deps: ConsumeDeps, partition: number, signals: ConsumeSignals): Promise<void> {
  const { reader, store } = deps;
  let next = await reader.committed(partition);
  const uncommitted: Uncommitted = { logId: reader.logId, partition, fromOffset: next };
  let held = await retrying(deps, signals, () => store.heldOf(uncommitted));

  if (held === null) return;
  const lastHeld = [...held].reduce((last, place) => Math.max(last, Number.parseInt(place, 10)), -1);
  const gathered: LogEntry[] = [];
  let storing: Promise<boolean> = Promise.resolve(true);
  const storingFailed = new AbortController();
  const aborted = AbortSignal.any([signals.aborted, storingFailed.signal]);

  while (!aborted.aborted) {
    await gather(deps, partition, next, gathered, { ...signals, aborted });
    const [first] = gathered;
    if (first === undefined || aborted.aborted) break;
    const batch = await decodeBatch(deps, gathered);
    const trace = traceBatch(batch.events, {
      ...deps,
      onUntraced: (n) => deps.metrics.spans.inc({ outcome: 'untraced' }, n),
    });
    const made = await runPipeline(deps, batch, signals, storing);
    if (made === null || !(await storing)) break;
    const missing = held;
    const events = made.events.filter((event) => !missing.has(toPlace(event)));
    const range = { logId: reader.logId, partition, firstOffset: first.position, lastOffset: batch.lastOffset };
    gathered.splice(0, batch.lastOffset + 1 - first.position);

    next = batch.lastOffset + 1;
    storing = storeAndCommit(
      deps,
      { ...range, events },
      { letters: made.letters, read: batch.events.length, trace },
      signals,
    );
    // Thrown where `storing` is awaited; the loop must not wait for a next record until then.
    storing.catch(() => storingFailed.abort());
    if (next > lastHeld) held = new Set();
  }
  await storing;
}

/** Stores a batch and its dead letters, then commits; false when it was time to end first. */
async function storeAndCommit(
  deps: ConsumeDeps,
  batch: EventBatch,
  made: { readonly letters: readonly DeadLetter[]; readonly read: number; readonly trace: BatchTrace },
  signals: ConsumeSignals,
): Promise<boolean> {
  const { reader, store, metrics } = deps;
  const endTimer = metrics.insertSeconds.startTimer();
  made.trace.inserting();
  const refused = await retrying(deps, signals, () => storeBatch(store, batch));
  if (refused === null) return false;
  made.trace.inserted(batch.events.length - refused.length);
  const letters = [...made.letters, ...refused];
  if ((await retrying(deps, signals, () => store.addDeadLetters(letters).then(() => true))) === null) return false;
  endTimer();
  const next = batch.lastOffset + 1;
  if ((await retrying(deps, signals, () => reader.commit(batch.partition, next).then(() => true))) === null)
    return false;
  made.trace.committed();
  count(deps, made.read, batch.events.length - refused.length, letters);
  return true;
}

/** As `heldOf` names a row. */
function toPlace({ position, event }: PipelineEvent): string {
  return `${position.offset}:${position.index}:${event.event_id}`;
}

interface DecodedBatch {
  readonly events: readonly PipelineEvent[];
  readonly letters: readonly DeadLetter[];
  readonly lastOffset: number;
}

/** Decodes entries until the batch is full of events or of bytes; what is left is the next one's. */
async function decodeBatch(deps: ConsumeDeps, entries: readonly LogEntry[]): Promise<DecodedBatch> {
  const events: PipelineEvent[] = [];
  const letters: DeadLetter[] = [];
  let lastOffset = -1;
  let decodedAtTurn = 0;
  let rowBytes = 0;
  for (const entry of entries) {
    const decoded = decode(deps.reader.logId, entry, deps.clock());
    if (Array.isArray(decoded)) {
      events.push(...decoded);
      rowBytes += (entry.payload?.length ?? 0) + toSharedBytes(decoded);
    } else {
      letters.push(decoded);
    }
    lastOffset = entry.position;
    if (events.length >= deps.config.BATCH_SIZE || rowBytes >= maxBatchBytes) break;
    if (events.length - decodedAtTurn >= sliceEvents) {
      decodedAtTurn = events.length;
      await nextTurn();
    }
  }
  return { events, letters, lastOffset };
}

/** Bytes that the context of a record, which stands in it once, adds to the rows of its events. */
function toSharedBytes(events: readonly PipelineEvent[]): number {
  const context = events[0]?.record.context;
  return context === undefined ? 0 : JSON.stringify(context).length * events.length;
}

/** Runs the stages over a batch, slice by slice; null when it is time to end. */
async function runPipeline(
  deps: ConsumeDeps,
  batch: DecodedBatch,
  signals: ConsumeSignals,
  storing: Promise<boolean>,
): Promise<{ events: PipelineEvent[]; letters: DeadLetter[] } | null> {
  const { pipeline, metrics, store, reader } = deps;
  const letters = [...batch.letters];
  const timed = runStage(pipeline.clock, batch.events, metrics);
  letters.push(...timed.letters);

  const looked = pipeline.dedupe.begin(timed.events);
  let stored: ReadonlySet<string> | null = new Set();
  if (looked.unsure.length > 0) {
    // An earlier copy may stand in the batch that is being stored, and be out of the window already.
    if (!(await storing)) return null;
    metrics.lookedUpIds.inc(looked.unsure.length);
    const [first] = batch.events;
    const except = [
      { logId: reader.logId, partition: first?.position.partition ?? 0, fromOffset: first?.position.offset ?? 0 },
    ];
    stored = await retrying(deps, signals, () => store.findIds(looked.unsure, except));
    if (stored === null) return null;
  }
  const dedupe = looked.withStored(stored);

  const events: PipelineEvent[] = [];
  for (let at = 0; at < timed.events.length; at += sliceEvents) {
    let slice = timed.events.slice(at, at + sliceEvents);
    for (const stage of [dedupe, ...pipeline.enrich]) {
      const outcome = runStage(stage, slice, metrics);
      letters.push(...outcome.letters);
      slice = outcome.events;
    }
    events.push(...slice);
    await nextTurn();
  }
  return { events, letters };
}

function count(deps: ConsumeDeps, read: number, stored: number, letters: readonly DeadLetter[]): void {
  const { metrics, pipeline } = deps;
  metrics.events.inc(read);
  metrics.rows.inc(stored);
  metrics.batchRows.observe(stored);
  for (const letter of letters) metrics.deadLetters.inc({ reason: letter.reason });
  metrics.windowIds.set(pipeline.window.size);
  metrics.persons.set(pipeline.book.persons);
  for (const [cache, counts] of Object.entries(pipeline.caches)) {
    metrics.cacheHits.set({ cache }, counts().hits);
    metrics.cacheMisses.set({ cache }, counts().misses);
  }
}
