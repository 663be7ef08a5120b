import { type AppErrorCode, isAppError, type Logger } from '@px-platform/runtime';
import type { ConsumeSignals } from './consume-signals.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { pause } from './pause.ts';

const retryFirstMs = 200;
const retryMaxMs = 10_000;

/** What passes by itself or by an operator's hand. A budget is passed where others have taken the engine's memory. */
const passing: readonly AppErrorCode[] = ['store_unavailable', 'query_over_budget', 'log_unavailable'];

/** What trying again needs from outside. */
export interface RetryDeps {
  readonly metrics: ProcessorMetrics;
  readonly logger: Logger;
  /** Hears what is waited for, a message each time. */
  readonly onWait?: (why: string) => void;
}

/** Calls until it succeeds or fails for good, with growing pauses; null when it is time to end. */
export async function retrying<T>(
  deps: RetryDeps,
  { aborted }: Pick<ConsumeSignals, 'aborted'>,
  call: () => Promise<T>,
): Promise<T | null> {
  for (let waitMs = retryFirstMs; ; waitMs = Math.min(waitMs * 2, retryMaxMs)) {
    try {
      return await call();
    } catch (error) {
      if (aborted.aborted) return null;
      if (!passing.some((code) => isAppError(error, code))) throw error;
      deps.metrics.insertRetries.inc();
      deps.onWait?.(error instanceof Error ? error.message : String(error));
      deps.logger.warn({ err: error, retry_in_ms: waitMs }, 'a batch could not be stored or committed; it waits');
      await pause(waitMs, aborted);
      if (aborted.aborted) return null;
    }
  }
}
