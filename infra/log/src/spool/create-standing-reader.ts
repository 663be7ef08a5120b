import { AppError, isAppError } from '@px-platform/runtime';
import type { EventLog, LogStatus } from '../event-log.ts';
import type { Later } from './later.ts';

/** Health checks give up after 2 s, and ask for more than this. */
const answerWithinMs = 1_000;

/**
 * Gives how a log stands, or how it stood when it last said so: nothing kept, where it never did. Throws what the log
 * throws but `log_unavailable`.
 */
export function createStandingReader(
  log: EventLog,
  backend: LogStatus['backend'],
  later: Later,
): () => Promise<LogStatus> {
  let last: LogStatus = { backend, depth: 0, oldestAgeMs: 0, bytes: 0, maxBytes: 0, lagByPartition: {} };
  return async () => {
    try {
      last = await within(log.status(), later);
    } catch (error) {
      if (!isAppError(error, 'log_unavailable')) throw error;
    }
    return last;
  };
}

async function within(status: Promise<LogStatus>, later: Later): Promise<LogStatus> {
  let cancel = (): void => undefined;
  const tooLate = new Promise<never>((_, reject) => {
    cancel = later(answerWithinMs, () => reject(new AppError('log_unavailable', 'The log has not told its state.')));
  });
  try {
    return await Promise.race([status, tooLate]);
  } finally {
    cancel();
  }
}
