import { AppError, isAppError } from '@px-platform/runtime';
import type { AppendRecord, EventLog, LogPosition } from '../event-log.ts';
import type { Later } from './later.ts';
import type { Spool } from './open-spool.ts';
import type { SpoolLimits } from './spool-limits.ts';
import type { SpoolTelemetry } from './spool-telemetry.ts';
import { toSpoolValue } from './spool-value.ts';

/** Takes appends, and knows which way each goes: to the log, into the spool, or into the line of those that wait for the drain's end. */
export interface Intake {
  append(records: readonly AppendRecord[]): Promise<readonly (LogPosition | null)[]>;
  /** Appends go to the log. */
  isDirect(): boolean;
  /** The position behind the last durable record of the spool. */
  end(): number;
  /** Stored bytes of the last append that had no room in the spool, 0 where there was none. */
  refusedBytes(): number;
  /** Lets newcomers wait, for `answerWithinMs` at most, and gives when those on their way into the spool have ended. */
  hold(): Promise<void>;
  /** Sends those that wait into the spool. Does nothing where none do. */
  spoolHeld(): void;
  /** Sends those that wait, and all after them, to the log. False where none wait any longer, or the spool has more than what lies below `drained`. */
  goDirect(drained: number): boolean;
  /** Resolves once no append is without an answer. */
  idle(): Promise<void>;
}

/** One append that has no answer yet. */
interface Call {
  readonly records: readonly AppendRecord[];
  resolve(positions: readonly (LogPosition | null)[]): void;
  reject(error: unknown): void;
}

/** Builds the intake before a log and its spool. `onSpooled` is called as soon as the spool has, or may have, something to drain. */
export function createIntake(options: {
  readonly log: EventLog;
  readonly spool: Spool;
  readonly telemetry: SpoolTelemetry;
  readonly limits: SpoolLimits;
  readonly later: Later;
  readonly onSpooled: () => void;
}): Intake {
  const { log, spool, telemetry, limits, later, onSpooled } = options;
  let { end } = spool.standing;
  let mode: 'direct' | 'spooled' | 'held' = spool.standing.next < end ? 'spooled' : 'direct';
  /** Calls that the log has not answered, in their order. */
  const asked = new Set<Call>();
  /** Calls that wait for the end of the drain, in their order. */
  const held: Call[] = [];
  const spooling = new Set<Promise<void>>();
  const unanswered = new Set<Promise<unknown>>();
  let endWatch: (() => void) | null = null;
  let endHold = (): void => undefined;
  let refusedBytes = 0;

  function append(records: readonly AppendRecord[]): Promise<readonly (LogPosition | null)[]> {
    const answer = new Promise<readonly (LogPosition | null)[]>((resolve, reject) => {
      const call: Call = { records, resolve, reject };
      if (mode === 'direct') void askLog(call);
      else if (mode === 'spooled') toSpool(call);
      else held.push(call);
    });
    unanswered.add(answer);
    const forget = (): void => void unanswered.delete(answer);
    answer.then(forget, forget);
    return answer;
  }

  async function askLog(call: Call): Promise<void> {
    asked.add(call);
    watch();
    try {
      // Also where the spool has it by now and has not answered: whichever is durable first.
      call.resolve(await log.append(call.records));
    } catch (error) {
      if (!asked.has(call)) return;
      if (isAppError(error, 'log_unavailable')) leaveLog(error);
      else call.reject(error);
    } finally {
      asked.delete(call);
    }
  }

  /** Sees to it that no call waits for the log for longer than twice `answerWithinMs`: a timer for each would cost more than its append. */
  function watch(): void {
    const [oldest] = asked;
    if (endWatch !== null || oldest === undefined) return;
    endWatch = later(limits.answerWithinMs, () => {
      endWatch = null;
      if (!asked.has(oldest)) return watch();
      const message = `The log has not answered an append within ${limits.answerWithinMs} ms.`;
      leaveLog(new AppError('log_unavailable', message));
    });
  }

  /**
   * All that the log has not answered goes into the spool, in the order of the calls, before anything that comes later.
   * The log may yet take one of them: then it lies there twice.
   */
  function leaveLog(cause: unknown): void {
    mode = 'spooled';
    telemetry.left({ cause });
    const calls = [...asked];
    asked.clear();
    for (const call of calls) toSpool(call);
  }

  function toSpool(call: Call): void {
    const writing = writeToSpool(call).finally(() => {
      spooling.delete(writing);
      onSpooled();
    });
    spooling.add(writing);
  }

  async function writeToSpool({ records, resolve, reject }: Call): Promise<void> {
    const values = records.map((record) => ({ key: '', payload: toSpoolValue(record) }));
    try {
      const positions = await spool.queue.append(values);
      for (const at of positions) end = Math.max(end, at === null ? 0 : at.position + 1);
      refusedBytes = 0;
      telemetry.spooled({ records: records.length, bytes: toBytes(records) });
      resolve(records.map(() => null));
    } catch (cause) {
      if (isAppError(cause, 'log_full')) refusedBytes = toBytes(values);
      reject(toRefusal(cause));
    }
  }

  function spoolHeld(): void {
    if (mode !== 'held') return;
    endHold();
    mode = 'spooled';
    for (const call of held.splice(0)) toSpool(call);
  }

  return {
    append,
    isDirect: () => mode === 'direct',
    end: () => end,
    refusedBytes: () => refusedBytes,
    async hold() {
      if (mode === 'spooled') {
        mode = 'held';
        endHold = later(limits.answerWithinMs, spoolHeld);
      }
      await Promise.all(spooling);
    },
    spoolHeld,
    goDirect(drained) {
      if (mode !== 'held' || spooling.size > 0 || end > drained) return false;
      endHold();
      mode = 'direct';
      refusedBytes = 0;
      telemetry.returned();
      for (const call of held.splice(0)) void askLog(call);
      return true;
    },
    async idle() {
      while (unanswered.size > 0) await Promise.allSettled(unanswered);
      endWatch?.();
    },
  };
}

/** The spool's file speaks of itself as of a log; whoever asked must hear of both. */
function toRefusal(cause: unknown): unknown {
  if (isAppError(cause, 'log_full')) {
    const message =
      'The log is away and its spool has no room. Bring the log back, make room on the disk, or raise SPOOL_MAX_BYTES.';
    return new AppError('log_full', message, { cause });
  }
  if (!isAppError(cause, 'log_unavailable')) return cause;
  const message = 'The log is away and the disk of its spool refuses. See to the log, and to the disk.';
  return new AppError('log_unavailable', message, { cause });
}

function toBytes(records: readonly AppendRecord[]): number {
  return records.reduce((sum, { payload }) => sum + payload.length, 0);
}
