import { type AppError, isAppError } from '@px-platform/runtime';
import type { AppendRecord, EventLog, LogEntry } from '../event-log.ts';
import type { Intake } from './create-intake.ts';
import type { Later } from './later.ts';
import type { Spool } from './open-spool.ts';
import type { SpoolLimits } from './spool-limits.ts';
import type { SpoolTelemetry } from './spool-telemetry.ts';
import { parseSpoolValue, toSpoolValue } from './spool-value.ts';
import { tryAsideAgain } from './try-aside-again.ts';
import { pause, waitForAnswer } from './wait.ts';

/** By so many records a batch grows again after it was halved: slowly, as the log may refuse it for its size. */
const batchGrowth = 32;

/** Enough to see whose a record is, and little enough for any broker. */
const beginningBytes = 16 * 1024;

/** Takes what waits in the spool to the log, in order, one batch at a time. */
export interface Drain {
  /** Begins, where it does not run already. */
  start(): void;
  /** Ends after the batch under way, which gets `answerWithinMs` more. What is left stays in the spool. */
  stop(): Promise<void>;
}

/** Builds the drain of a spool. Pauses come from `later`, the random part of them from `random` (0..1), times from `stopwatch` (ms). */
export function createDrain(options: {
  readonly log: EventLog;
  readonly spool: Spool;
  readonly intake: Intake;
  readonly telemetry: SpoolTelemetry;
  readonly limits: SpoolLimits;
  readonly later: Later;
  readonly random: () => number;
  readonly stopwatch: () => number;
}): Drain {
  const { log, spool, intake, telemetry, limits, later, random, stopwatch } = options;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  /** The first position that the log has not got. The queue's own committed position follows it. */
  let next = spool.standing.next;
  /** Records of the next batch at most: halved where the log refuses one for itself, until that one stands alone. */
  let batchRecords = limits.maxBatchRecords;
  /** The last batch leaves the spool while the next is on its way: each costs an fsync. */
  let trimming: Promise<void> = Promise.resolve();
  /** The log took the last batch. */
  let isLogBack = false;
  let isAsideTried = false;

  function start(): void {
    if (stopping.signal.aborted) return;
    running ??= run().finally(() => {
      running = null;
      if (!intake.isDirect()) start();
    });
  }

  async function run(): Promise<void> {
    let pauseMs = limits.firstPauseMs;
    while (!stopping.signal.aborted) {
      try {
        if (await drainOnce()) return await finish();
        pauseMs = limits.firstPauseMs;
      } catch (error) {
        isLogBack = false;
        intake.spoolHeld();
        telemetry.drainFailed({ error });
        await pause(later, pauseMs * (0.5 + random() / 2), stopping.signal);
        pauseMs = Math.min(pauseMs * 2, limits.maxPauseMs);
      }
    }
    intake.spoolHeld();
  }

  /** True once all is drained and appends go to the log. */
  async function drainOnce(): Promise<boolean> {
    if (intake.isDirect()) return true;
    const left = intake.end() - next;
    // Appends never stop coming, so the last of the spool is only reached while newcomers wait. They may be let wait only
    // for a log that is known to be back, or for the spool's own fsync.
    if (left === 0 || (isLogBack && left <= limits.maxBatchRecords)) {
      await intake.hold();
      if (intake.goDirect(next)) return true;
      if (!isLogBack) intake.spoolHeld();
    }
    const limit = { maxRecords: batchRecords, maxBytes: limits.maxBatchBytes };
    const entries = await spool.queue.read(0, next, limit);
    if (entries.length === 0) return false;
    const taken = await deliver(entries);
    isLogBack = true;
    if (taken === 0) return false;
    next += taken;
    await trimming;
    trimming = spool.queue.commit(0, next);
    // Whoever awaits it hears of it; until then it must not end the process.
    trimming.catch(() => undefined);
    return false;
  }

  /** Gives how many entries, from the first on, are the spool's no longer. */
  async function deliver(entries: readonly LogEntry[]): Promise<number> {
    const records = entries.map(toRecord);
    const startedAt = stopwatch();
    try {
      await appendInTime(records);
    } catch (error) {
      if (!isAppError(error, 'log_refused_records')) throw error;
      if (entries.length > 1) {
        batchRecords = Math.ceil(entries.length / 2);
        return 0;
      }
      for (const record of records) await appendBeginning(record);
      await setAside(records, error);
      return 1;
    }
    batchRecords = Math.min(batchRecords + batchGrowth, limits.maxBatchRecords);
    for (const { payload, position, damaged } of entries) {
      if (payload === null) telemetry.damaged({ position, bytes: damaged?.length ?? 0 });
    }
    telemetry.drained({ records: records.length, bytes: toBytes(records), seconds: (stopwatch() - startedAt) / 1_000 });
    return entries.length;
  }

  /** What is refused for its size is told of by its first bytes: no whole record, so that the processor makes a dead letter of them. */
  async function appendBeginning({ key, payload }: AppendRecord): Promise<void> {
    if (payload.length <= beginningBytes) return;
    try {
      await appendInTime([{ key, payload: payload.subarray(0, beginningBytes) }]);
    } catch (error) {
      if (!isAppError(error, 'log_refused_records')) throw error;
    }
  }

  async function setAside(records: readonly AppendRecord[], error: AppError): Promise<void> {
    await spool.aside.append(records.map((record) => ({ key: '', payload: toSpoolValue(record) })));
    telemetry.setAside({ bytes: toBytes(records), error });
  }

  async function finish(): Promise<void> {
    try {
      await trimming;
      if (isAsideTried) return;
      await tryAsideAgain(appendInTime, spool.aside);
      isAsideTried = true;
    } catch (error) {
      telemetry.drainFailed({ error });
    }
  }

  async function appendInTime(records: readonly AppendRecord[]): Promise<void> {
    await waitForAnswer(log.append(records), { later, limits, signal: stopping.signal });
  }

  return {
    start,
    async stop() {
      stopping.abort();
      while (running !== null) await running;
      await trimming.catch((error: unknown) => telemetry.drainFailed({ error }));
    },
  };
}

/** Bytes whose checksum fails have lost their key; they go as they are, and end with the processor's dead letters. */
function toRecord({ payload, damaged }: LogEntry): AppendRecord {
  const value = parseSpoolValue(payload);
  if (value.kind === 'record') return value.record;
  return { key: '', payload: payload ?? damaged ?? new Uint8Array() };
}

function toBytes(records: readonly AppendRecord[]): number {
  return records.reduce((sum, { payload }) => sum + payload.length, 0);
}
