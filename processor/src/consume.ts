import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GroupReader, LogEntry, LogReader } from '@px-platform/log';
import type { Clock, Tracer } from '@px-platform/runtime';
import { type DeadLetter, eventTopic, parseLogRecord } from '@px-platform/schemas';
import type { EventStore } from '@px-platform/store';
import { toBatchTurn } from './batch-turn.ts';
import type { ProcessorConfig } from './config.ts';
import type { ConsumeSignals } from './consume-signals.ts';
import type { HeldRows } from './dedupe/held-rows.ts';
import { gather, gatherBelow, maxBatchBytes } from './gather.ts';
import { keepLetters, type LetterDeps } from './letters/keep-letters.ts';
import type { Pipeline } from './pipeline.ts';
import type { PipelineEvent } from './pipeline-event.ts';
import { isOfGroup, planBatch, readPlannedEnd, toBatchName } from './planned-batch.ts';
import type { BatchGate } from './purge/batch-gate.ts';
import { type LateRowsDeps, purgeLateRows } from './purge/purge-late-rows.ts';
import { retrying } from './retrying.ts';
import { runStage } from './run-stage.ts';
import { decode } from './stages/decode.ts';
import { type EventBatch, storeBatch, storeMissing } from './store-batch.ts';
import { type BatchTrace, traceBatch } from './trace-batch.ts';

/** What the loop needs from outside. */
export interface ConsumeDeps extends LetterDeps, Pick<LateRowsDeps, 'purges' | 'tombstones'> {
  readonly config: ProcessorConfig;
  readonly reader: LogReader | GroupReader;
  readonly store: EventStore;
  readonly pipeline: Pipeline;
  readonly gate: BatchGate;
  /** What a crash left in the store: made again, not inserted again. */
  readonly held: HeldRows;
  readonly tracer: Tracer | null;
  readonly clock: Clock;
}

/** Tombstones are looked for this far back: the store's clock stamps them, and not ours. */
const tombstoneOverlapMs = 60_000;
/** Events run through the stages in one turn of the event loop; requests are answered between turns. */
const sliceEvents = 200;

/**
 * Consumes one partition: poll, run, insert, commit, in that order. While this batch is being stored the next one is made
 * where it is full, and grows where it is not; it is inserted after this one's commit. What a crash left behind above the
 * committed position is made again from the same state and only what the store does not hold is inserted. In a group, where
 * another member may be about to store what this one reads, each batch is planned first: whoever holds the partition next makes
 * the batch with the same border and name, and the store takes one of the two. A store that can't be reached or is short of memory, and a disk that
 * refuses the commit, are tried again until they do. Throws where the log can't be read, `log_revoked` where the
 * group has gone on without this member. Source: docs/adr/0005-exactly-once.md, 0032-planned-batches.md.
 */
export async function consume(deps: ConsumeDeps, partition: number, signals: ConsumeSignals): Promise<void> {
  const { reader, held, gate, metrics } = deps;
  let next = await reader.committed(partition);
  let plannedEnd = await readPlannedEnd(reader, partition);
  const { rows: heldRows, lastOffset: lastHeld } = held.of(partition);
  metrics.heldRows.set({ partition }, heldRows);
  const gathered: LogEntry[] = [];
  let storing: Promise<boolean> = Promise.resolve(true);
  let turn = toBatchTurn(storing);
  const storingFailed = new AbortController();
  const aborted = AbortSignal.any([signals.aborted, storingFailed.signal]);
  const stopping = AbortSignal.any([signals.stopping, aborted]);

  while (!aborted.aborted) {
    if (plannedEnd === null) await gather(deps, partition, next, gathered, { stopping, aborted, turn });
    else await gatherBelow(deps, partition, next, gathered, plannedEnd, { aborted });
    const [first] = gathered;
    if (first === undefined || aborted.aborted) break;
    // What was planned is past its retention.
    if (plannedEnd !== null && first.position >= plannedEnd) {
      plannedEnd = null;
      continue;
    }
    // Until it is committed, nobody is purged: its stages have looked for tombstones already.
    if (!(await gate.enter(aborted))) break;
    const batch = await decodeBatch(deps, gathered, plannedEnd);
    const trace = traceBatch(batch.events, {
      ...deps,
      topic: 'events',
      onUntraced: (n) => deps.metrics.spans.inc({ outcome: 'untraced' }, n),
    });
    const lookedAt = deps.clock();
    const made = await runPipeline(deps, batch, { signals, storing, plannedEnd });
    if (made === null || !(await storing)) {
      gate.leave();
      break;
    }
    const isWhole = first.position > lastHeld && plannedEnd === null;
    const events = first.position > lastHeld ? made.events : made.events.filter((event) => !held.has(event));
    const end = plannedEnd ?? batch.lastOffset + 1;
    const range = {
      logId: reader.logId,
      partition,
      firstOffset: first.position,
      lastOffset: batch.lastOffset,
      isWhole,
      ...toBatchName(reader, partition, next, end),
    };
    gathered.splice(0, batch.entries);

    storing = storeAndCommit(
      deps,
      { ...range, events },
      { ...made, read: batch.events, lookedAt, trace, end, wasPlanned: plannedEnd !== null },
      signals,
    ).finally(() => gate.leave());
    turn = toBatchTurn(storing);
    next = end;
    plannedEnd = null;
    // Thrown where `storing` is awaited; the loop must not wait for a next record until then.
    storing.catch(() => storingFailed.abort());
  }
  await storing;
}

/** What became of a batch, beside its events. */
interface MadeBatch {
  readonly letters: readonly DeadLetter[];
  /** Events that were read, and when their stages began to look for tombstones, epoch ms. */
  readonly read: readonly PipelineEvent[];
  readonly lookedAt: number;
  readonly trace: BatchTrace;
  /** The position to commit. */
  readonly end: number;
  /** Whether it was planned before by who may have stored it, or a part of it. */
  readonly wasPlanned: boolean;
}

/** Plans a batch in a group, stores it and its dead letters, then commits; false when it was time to end first. */
async function storeAndCommit(
  deps: ConsumeDeps,
  batch: EventBatch,
  made: MadeBatch,
  signals: ConsumeSignals,
): Promise<boolean> {
  const { reader, store, metrics } = deps;
  const { partition } = batch;
  if (!made.wasPlanned && !(await planBatch(deps, partition, made.end, signals))) return false;
  const endTimer = metrics.insertSeconds.startTimer();
  made.trace.inserting();
  const storeAll = made.wasPlanned ? storeMissing : storeBatch;
  const refused = await retrying(deps, signals, () => storeAll(store, batch));
  if (refused === null) return false;
  made.trace.inserted(batch.events.length - refused.length);
  if (!(await lookBack(deps, batch, made, signals))) return false;
  const letters = [...made.letters, ...refused];
  if (!(await keepLetters(deps, letters, eventTopic, signals))) return false;
  forgetUnstored(deps.pipeline, letters);
  endTimer();
  if ((await retrying(deps, signals, () => reader.commit(partition, made.end).then(() => true))) === null) return false;
  made.trace.committed();
  count(deps, made.read.length, batch.events.length - refused.length, letters);
  return true;
}

/**
 * Where others purge meanwhile, looks once more for tombstones, now that the rows are in: also of what its stages dropped, where
 * whoever planned the batch may have stored it. False when it was time to end first.
 */
async function lookBack(
  deps: ConsumeDeps,
  { events }: EventBatch,
  { read, lookedAt, wasPlanned }: MadeBatch,
  signals: ConsumeSignals,
): Promise<boolean> {
  if (!isOfGroup(deps.reader)) return true;
  const [stored, since] = wasPlanned ? [read, 0] : [events, lookedAt - tombstoneOverlapMs];
  return (await retrying(deps, signals, () => purgeLateRows(deps, stored, since).then(() => true))) !== null;
}

/**
 * Forgets the ids of events that dedupe had let through and that were not stored: sent again, or replayed, they are no
 * duplicates. The stages before dedupe refuse copies of what may be stored, whose ids stay.
 */
function forgetUnstored({ window, privacy, clock }: Pipeline, letters: readonly DeadLetter[]): void {
  for (const letter of letters) {
    if (letter.index < 0 || letter.stage === privacy.name || letter.stage === clock.name) continue;
    const [event] = parseLogRecord(Buffer.from(letter.payload, 'base64'))?.events ?? [];
    if (event !== undefined) window.forget(letter.project_id, event.event_id);
  }
}

interface DecodedBatch {
  readonly events: readonly PipelineEvent[];
  readonly letters: readonly DeadLetter[];
  readonly lastOffset: number;
  /** How many entries it takes. */
  readonly entries: number;
}

/**
 * Decodes entries until the batch is full of events or of bytes, or those below `plannedEnd`; what is left is the next
 * one's.
 */
async function decodeBatch(
  deps: ConsumeDeps,
  entries: readonly LogEntry[],
  plannedEnd: number | null,
): Promise<DecodedBatch> {
  const events: PipelineEvent[] = [];
  const letters: DeadLetter[] = [];
  let lastOffset = -1;
  let taken = 0;
  let decodedAtTurn = 0;
  let rowBytes = 0;
  const startTimer = () => deps.metrics.stageSeconds.startTimer({ stage: 'decode' });
  let endTimer = startTimer();
  for (const entry of entries) {
    if (plannedEnd !== null && entry.position >= plannedEnd) break;
    const decoded = decode(deps.reader.logId, entry, deps.clock());
    if (Array.isArray(decoded)) {
      events.push(...decoded);
      rowBytes += (entry.payload?.length ?? 0) + toSharedBytes(decoded);
    } else {
      letters.push(decoded);
    }
    lastOffset = entry.position;
    taken += 1;
    if (plannedEnd === null && (events.length >= deps.config.BATCH_SIZE || rowBytes >= maxBatchBytes)) break;
    if (events.length - decodedAtTurn >= sliceEvents) {
      decodedAtTurn = events.length;
      endTimer();
      await nextTurn();
      endTimer = startTimer();
    }
  }
  endTimer();
  return { events, letters, lastOffset, entries: taken };
}

/** Bytes that the context of a record, which stands in it once, adds to the rows of its events but the first. */
function toSharedBytes(events: readonly PipelineEvent[]): number {
  const context = events[0]?.record.context;
  return context === undefined || events.length < 2 ? 0 : JSON.stringify(context).length * (events.length - 1);
}

/** Runs the stages over a batch, slice by slice; null when it is time to end. */
async function runPipeline(
  deps: ConsumeDeps,
  batch: DecodedBatch,
  {
    signals,
    storing,
    plannedEnd,
  }: {
    readonly signals: ConsumeSignals;
    readonly storing: Promise<boolean>;
    readonly plannedEnd: number | null;
  },
): Promise<{ events: PipelineEvent[]; letters: DeadLetter[] } | null> {
  const { pipeline, metrics, store, reader } = deps;
  const letters = [...batch.letters];
  const cleaned = runStage(pipeline.privacy, batch.events, metrics);
  const timed = runStage(pipeline.clock, cleaned.events, metrics);
  letters.push(...cleaned.letters, ...timed.letters);

  const looked = pipeline.dedupe.begin(timed.events);
  let stored: ReadonlySet<string> | null = new Set();
  if (looked.unsure.length > 0) {
    // An earlier copy may stand in the batch that is being stored, and be out of the window already.
    if (!(await storing)) return null;
    metrics.lookedUpIds.inc(looked.unsure.length);
    const [first] = batch.events;
    const place = { partition: first?.position.partition ?? 0, fromOffset: first?.position.offset ?? 0 };
    const own = { logId: reader.logId, ...place, ...(plannedEnd === null ? {} : { toOffset: plannedEnd }) };
    // In a group nothing of a batch is stored before it is planned.
    const except = isOfGroup(reader) && plannedEnd === null ? [] : [own];
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
