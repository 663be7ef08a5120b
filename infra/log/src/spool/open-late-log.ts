import { AppError, isAppError } from '@px-platform/runtime';
import type { EventLog } from '../event-log.ts';

/**
 * Opens a log whose broker may be away: then it is opened as soon as somebody asks for it and it can be, and throws
 * `log_unavailable` until then. A spool beside it takes what comes meanwhile, also after a restart. Throws at once what `open` throws
 * for another reason.
 */
export async function openLateLog(open: () => Promise<EventLog>): Promise<EventLog> {
  let log = await open().catch((error: unknown) => {
    if (isAppError(error, 'log_unavailable')) return null;
    throw error;
  });
  let opening: Promise<EventLog> | null = null;
  let isClosed = false;

  function reach(): Promise<EventLog> {
    if (isClosed) throw new AppError('log_unavailable', 'The log is closed; start the process again to use it.');
    opening ??= openNow().finally(() => {
      opening = null;
    });
    return opening;
  }

  async function openNow(): Promise<EventLog> {
    try {
      log = await open();
      return log;
    } catch (cause) {
      if (isAppError(cause, 'log_unavailable')) throw cause;
      // It was away at the start, so that nobody could be told then; what came is in the spool by now.
      const message = cause instanceof Error ? cause.message : 'no reason is given';
      throw new AppError('log_unavailable', `The log can not be opened: ${message}`, { cause });
    }
  }

  return {
    append: async (records) => (log ?? (await reach())).append(records),
    status: async () => (log ?? (await reach())).status(),
    async close() {
      isClosed = true;
      await opening?.catch(() => undefined);
      await log?.close();
    },
  };
}
