import { AppError } from '@px-platform/runtime';
import type { Later } from './later.ts';
import type { SpoolLimits } from './spool-limits.ts';

/** Waits `ms`, or until the signal is aborted, whichever is first. Never throws. */
export function pause(later: Later, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = later(ms, end);
    signal.addEventListener('abort', end);
  });
}

/**
 * Gives the log's answer to a batch of the drain. Throws what the log throws, and `log_unavailable` where it has not
 * answered within `drainAnswerWithinMs`, or within `answerWithinMs` of the abort: it may have taken the batch even so.
 */
export function waitForAnswer<T>(
  answer: Promise<T>,
  { later, limits, signal }: { later: Later; limits: SpoolLimits; signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      const message = 'The log has not answered a batch of the spool in time; it is drained again. See to the log.';
      end(() => reject(new AppError('log_unavailable', message)));
    };
    const hurry = (): void => {
      cancel();
      cancel = later(limits.answerWithinMs, giveUp);
    };
    let cancel = later(limits.drainAnswerWithinMs, giveUp);
    const end = (settle: () => void): void => {
      cancel();
      signal.removeEventListener('abort', hurry);
      settle();
    };
    if (signal.aborted) hurry();
    signal.addEventListener('abort', hurry);
    answer.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
  });
}
