import type { EventLog } from '@px-platform/log';
import { AppError } from '@px-platform/runtime';

/** A log whose appends are watched: whether they end, and how. */
export interface WatchedLog {
  readonly log: EventLog;
  /** Appends wait, and none has ended for so long that no newcomer should wait with them. */
  isStalled(): boolean;
  /**
   * The log's health: waits for the append under way, so that its time is the disk's. Throws what the last append threw
   * (for `forgetAfterMs` at most, since nobody may send to a server that says it is down), and what `status` throws.
   */
  check(): Promise<void>;
}

const stalledAfterMs = 5_000;
const forgetAfterMs = 10_000;

/** Wraps a log so that its health is that of its appends: a disk can answer questions and take no writes. `stopwatch` gives ms. */
export function watchAppends(log: EventLog, stopwatch: () => number): WatchedLog {
  let pending = 0;
  let lastEndAt = 0;
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown; readonly at: number } | null = null;

  async function append(records: Parameters<EventLog['append']>[0]): ReturnType<EventLog['append']> {
    if (pending === 0) lastEndAt = stopwatch();
    pending += 1;
    try {
      const appended = log.append(records);
      last = appended;
      const positions = await appended;
      failure = null;
      return positions;
    } catch (error) {
      failure = { error, at: stopwatch() };
      throw error;
    } finally {
      pending -= 1;
      lastEndAt = stopwatch();
    }
  }

  return {
    log: { append, status: () => log.status(), close: () => log.close() },
    isStalled: () => pending > 0 && stopwatch() - lastEndAt > stalledAfterMs,
    async check() {
      await log.status();
      await Promise.allSettled([last]);
      if (failure === null || stopwatch() - failure.at > forgetAfterMs) return;
      if (failure.error instanceof Error) throw failure.error;
      throw new AppError('log_unavailable', 'The last append failed.', { cause: failure.error });
    },
  };
}
