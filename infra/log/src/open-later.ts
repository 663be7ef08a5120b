import { setTimeout as wait } from 'node:timers/promises';
import { AppError, isAppError } from '@px-platform/runtime';
import type { EventLog } from './event-log.ts';

const pauseMs = 1_000;

/**
 * Opens a log, or goes on trying, once a second, where its broker is away: until it is open each append throws
 * `log_unavailable`. Throws what else `open` throws; what a later try throws, `onFailed` hears, and the log stays unavailable.
 */
export async function openLater(options: {
  readonly open: () => Promise<EventLog>;
  readonly onFailed: (error: unknown) => void;
}): Promise<EventLog> {
  const { open, onFailed } = options;
  const closing = new AbortController();
  let log: EventLog | null = null;
  let cause: unknown = null;

  async function tryToOpen(): Promise<boolean> {
    try {
      log = await open();
      return true;
    } catch (error) {
      cause = error;
      if (!isAppError(error, 'log_unavailable')) throw error;
      return false;
    }
  }
  async function keepTrying(): Promise<void> {
    while (!closing.signal.aborted) {
      await wait(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (!closing.signal.aborted && (await tryToOpen())) return;
    }
  }
  function opened(): EventLog {
    if (log !== null) return log;
    throw new AppError('log_unavailable', 'The log has not been reached yet; it is tried again each second.', {
      cause,
    });
  }

  const trying = (await tryToOpen()) ? Promise.resolve() : keepTrying().catch(onFailed);
  return {
    append: async (records) => opened().append(records),
    status: async () => opened().status(),
    async close() {
      closing.abort();
      await trying;
      await log?.close();
    },
  };
}
